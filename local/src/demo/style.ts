import { stripVTControlCharacters } from 'node:util';

/** How text is set off; without colours every one gives the text as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
}

/** ANSI's select graphic rendition, ECMA-48 8.3.117. */
export function createStyle(colours: boolean): Style {
  const set =
    (on: number, off: number) =>
    (text: string): string =>
      colours ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return { bold: set(1, 22), dim: set(2, 22), good: set(32, 39), bad: set(31, 39), accent: set(36, 39) };
}

/** Pads to a width that counts only what is seen. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}
