import { field, quoted, read, unreadable, type Field, type FieldOptions } from '../field';

/** A text. Bounds are in characters. */
export interface TextOptions extends FieldOptions<string> {
  /** 1 unless given: an empty text is rarely meant. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** What the whole text must match, and how to say it: `{ pattern: /^[a-z-]+$/, as: 'lower-case letters and -' }`. */
  readonly matches?: { readonly pattern: RegExp; readonly as: string };
  /** Stands for the value in `--help`; `TEXT` unless given. */
  readonly placeholder?: string;
}

export function text(options: TextOptions): Field<string> {
  const { minLength = 1, maxLength, matches } = options;
  const type = matches?.as ?? (maxLength === undefined ? 'text' : `text of ${minLength} to ${maxLength} characters`);
  return field(options, {
    type,
    placeholder: options.placeholder ?? 'TEXT',
    read: (value) => {
      const length = Array.from(value).length;
      const fits = length >= minLength && (maxLength === undefined || length <= maxLength);
      if (!fits || matches?.pattern.test(value) === false) {
        return unreadable(length === 0 ? `must be ${type}, not empty` : `must be ${type}, not ${quoted(value)}`);
      }
      return read(value);
    },
  });
}

/** A path of a file or folder; relative ones start at the working directory. Whether it is there is not looked at. */
export function path(options: FieldOptions<string>): Field<string> {
  return field(options, {
    type: 'a path',
    placeholder: 'PATH',
    read: (value) =>
      value === '' || value.includes('\0') ? unreadable(`must be a path, not ${quoted(value)}`) : read(value),
  });
}
