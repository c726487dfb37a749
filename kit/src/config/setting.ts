import type { SettingNames } from './names';

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'argument'; readonly name: string };

/** What was given for one field: texts not yet read, or why there are none. */
export type Given =
  | {
      readonly origin: Origin;
      /** In their order; several only from flags given again, arguments and arrays. */
      readonly texts: readonly string[];
      /** Whether each text is one element, not to be parted at commas. */
      readonly parted: boolean;
    }
  | { readonly origin: Origin; readonly problem: string };

/** What one place, the command line or the file, says. */
export interface Source {
  /** By the field's name. */
  readonly given: ReadonlyMap<string, Given>;
  /** What belongs to no field. */
  readonly mistakes: readonly Mistake[];
  /** The fields that a mistyped name meant: to call them missing as well would mislead. */
  readonly meant: ReadonlySet<string>;
}

/** One mistake in the configuration: the setting as the person wrote it, and what to do. */
export interface Mistake {
  readonly setting: string;
  readonly problem: string;
}

/** The setting in the form in which it was given. */
export function settingText(origin: Origin, names: SettingNames): string {
  switch (origin.kind) {
    case 'file':
      return `"${origin.name}" in ${origin.file}`;
    case 'environment':
    case 'flag':
    case 'argument':
      return origin.name;
    case 'default':
      return names.variable;
  }
}

/** Where a value came from, for `--print-config`. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return origin.file;
    case 'environment':
      return `environment ${origin.name}`;
    case 'flag':
      return `flag ${origin.name}`;
    case 'argument':
      return `argument ${origin.name}`;
  }
}

/** An argument without a flag, as `--help` writes it: `<message>`. */
export function argumentText(key: string): string {
  return `<${key}>`;
}
