/** What reading one text gave: a value, or what the text must be instead, as `must be a whole number, 1 to 10`. */
export type Reading<T> = { readonly ok: true; readonly value: T } | Unreadable;

export interface Unreadable {
  readonly ok: false;
  readonly problem: string;
  /** Whether what was given holds a secret, which belongs in a file. */
  readonly holdsSecret: boolean;
}

export function read<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function unreadable(problem: string, { holdsSecret = false } = {}): Unreadable {
  return { ok: false, problem, holdsSecret };
}

/** The JSON types, besides text, that a field takes from the configuration file. */
export type JsonType = 'number' | 'boolean' | 'array';

/** What one setting is: declared once, it gives the parser, `--help`, `--print-config` and the reference page. */
export interface Field<T> {
  /** What it means, in one or two sentences for the person who sets it. */
  readonly doc: string;
  /** The heading under which `--help` and the reference show it. */
  readonly group: string;
  /** What it must be, with its bounds, as `a whole number, 1 to 10`. */
  readonly type: string;
  /** Stands for the value in `--help`: `PORT`. Empty for a switch, which needs none. */
  readonly placeholder: string;
  /** Whether a start without it is a mistake. */
  readonly required: boolean;
  /** The default as a person would write it; undefined when there is none. */
  readonly defaultText: string | undefined;
  /** The value when it is not set; only meaningful when it is not required. */
  readonly defaultValue: T;
  /** Whether the setting names a file whose content is the value, never to be shown. */
  readonly secret: boolean;
  /** Whether a flag without a value means true, and `--no-…` false. */
  readonly switch: boolean;
  /** Whether the flag may be given several times, each adding to the value. */
  readonly repeatable: boolean;
  readonly json: readonly JsonType[];
  /** Whether only the command line may set it, neither the environment nor the file. */
  readonly flagOnly: boolean;
  /** Reads what a flag or a variable says. */
  read(text: string): Reading<T>;
  /** Reads one element of an array, or one argument of several; the same as `read` unless the field is repeatable. */
  readPart(text: string): Reading<T>;
  /** Puts together what was read of a repeatable field; of another, the last one counts. */
  join(parts: readonly T[]): T;
  /** The value as a person would write it. */
  show(value: T): string;
}

/** What every kind of field takes. A field with neither a default nor `optional(…)` around it is required. */
export interface FieldOptions<T> {
  /** What it means, in one or two sentences for the person who sets it. */
  readonly doc: string;
  /** The heading under which `--help` and the reference show it; `Settings` unless given. */
  readonly group?: string;
  readonly default?: T;
}

/** What a kind of field adds to the options. */
export interface FieldKind<T> {
  readonly type: string;
  readonly placeholder: string;
  readonly json?: readonly JsonType[];
  readonly secret?: boolean;
  readonly switch?: boolean;
  readonly repeatable?: boolean;
  read(text: string): Reading<T>;
  readPart?(text: string): Reading<T>;
  join?(parts: readonly T[]): T;
  show?(value: T): string;
}

/** Makes a field of a kind and its options. For new kinds; services use the kinds in `fields/`. */
export function field<T>(options: FieldOptions<T>, kind: FieldKind<T>): Field<T> {
  const show = (value: T) => kind.show?.(value) ?? String(value);
  return {
    doc: options.doc,
    group: options.group ?? 'Settings',
    type: kind.type,
    placeholder: kind.placeholder,
    required: options.default === undefined,
    defaultText: options.default === undefined ? undefined : show(options.default),
    // Never read when the field is required: a start without it stops first.
    defaultValue: options.default as T,
    secret: kind.secret ?? false,
    switch: kind.switch ?? false,
    repeatable: kind.repeatable ?? false,
    json: kind.json ?? [],
    flagOnly: false,
    read: (text) => kind.read(text),
    readPart: (text) => kind.readPart?.(text) ?? kind.read(text),
    join: (parts) => kind.join?.(parts) ?? (parts[parts.length - 1] as T),
    show,
  };
}

/** The field, which may be left out: its value is then undefined. */
export function optional<T>(inner: Field<T>): Field<T | undefined> {
  return {
    ...inner,
    required: false,
    defaultText: undefined,
    defaultValue: undefined,
    join: (parts) => inner.join(parts.filter((part) => part !== undefined)),
    show: (value) => (value === undefined ? '' : inner.show(value)),
  };
}

/** The field, set by its flag only: for what a variable left over in a shell must never do, as taking data away. */
export function flagOnly<T>(inner: Field<T>): Field<T> {
  return { ...inner, flagOnly: true };
}

/** A value for a message: short, in quotes, on one line. */
export function quoted(text: string): string {
  const characters = Array.from(text);
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : text);
}
