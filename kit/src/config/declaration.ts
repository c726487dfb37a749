import type { Field } from './field';
import { settingNames, type SettingNames } from './names';

/** Fields by their names in camel case. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** No fields at all. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- an object without fields is meant
export type NoFields = Record<never, never>;

/** The values of fields: `{ port: port(…) }` gives `{ port: number }`. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A rule over several settings that was broken. */
export interface BrokenRule {
  /** The setting to name: the field's name in the declaration. */
  readonly field: string;
  /** What it must be and what to do, to follow the setting's name: `must be below …`. */
  readonly problem: string;
}

/** A field at its place in a declaration. */
export interface DeclaredField {
  readonly name: string;
  readonly field: Field<unknown>;
  readonly names: SettingNames;
}

/** The settings of one service or command. `V` is the type of their values. */
export interface ConfigDeclaration<V> {
  /** What a person types to start it: `destroyer`, `simulator serve`. */
  readonly name: string;
  /** One line on what it does. */
  readonly summary: string;
  readonly fields: readonly DeclaredField[];
  /** Arguments without a flag, in their order. */
  readonly positionals: readonly DeclaredField[];
  readonly examples: readonly string[];
  /** Begins the name of every environment variable; empty for services. */
  readonly variablePrefix: string;
  /** The rules over several settings that the values break. */
  check(values: V): readonly BrokenRule[];
}

/** The type of a declaration's values. */
export type ConfigValues<D> = D extends ConfigDeclaration<infer V> ? V : never;

export interface DeclarationOptions<P extends Fields, V> {
  /** One line on what it does, for `--help` and the reference. */
  readonly summary?: string;
  /** Arguments without a flag, in their order; a `list` as the last one takes all that are left. */
  readonly positionals?: P;
  /** Command lines to show at the end of `--help`. */
  readonly examples?: readonly string[];
  /** Begins the names of the environment variables, as `EMITTER_`: for commands that a person runs in any shell. */
  readonly variablePrefix?: string;
  /** Rules over several settings; looked at when every single setting is right. */
  readonly checks?: readonly ((values: V) => readonly BrokenRule[])[];
}

/** The flags that every declaration has of its own. */
export const ownNames = ['help', 'version', 'config', 'printConfig'];

/**
 * Declares the settings of a service or a command, once: the types, the parser, `--help`, `--print-config` and the
 * reference page all come from it. A field `databaseUrl` is `"databaseUrl"` in the configuration file, `DATABASE_URL`
 * in the environment and `--database-url` as a flag; the later in this order wins.
 */
export function declareConfig<F extends Fields, P extends Fields = NoFields>(
  name: string,
  fields: F,
  options: DeclarationOptions<P, ValuesOf<F & P>> = {},
): ConfigDeclaration<ValuesOf<F & P>> {
  const { summary = '', examples = [], variablePrefix = '', checks = [] } = options;
  const declared = (some: Fields) =>
    Object.entries(some).map(([key, field]) => ({ name: key, field, names: settingNames(key, field, variablePrefix) }));
  const declaration: ConfigDeclaration<ValuesOf<F & P>> = {
    name,
    summary,
    fields: declared(fields),
    positionals: declared(options.positionals ?? {}),
    examples,
    variablePrefix,
    check: (values) => checks.flatMap((check) => check(values)),
  };
  refuseUnclearNames(declaration);
  return declaration;
}

/** A declaration with two settings of one name is a mistake in the program, found as soon as it starts. */
function refuseUnclearNames({ name, fields, positionals }: ConfigDeclaration<never>): void {
  const seen = new Set(ownNames);
  for (const { name: fieldName, names, field } of [...fields, ...positionals]) {
    const taken = [names.key, ...(field.switch ? [negated(names.key)] : [])];
    if (!/^[a-z][a-zA-Z0-9]*$/.test(fieldName) || taken.some((key) => seen.has(key))) {
      throw new TypeError(`${name}: the field ${fieldName} has no clear name of its own`);
    }
    taken.forEach((key) => seen.add(key));
  }
}

function negated(key: string): string {
  return `no${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}
