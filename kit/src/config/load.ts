import { EmitterError } from '../errors';
import { readArguments, type CommandLine } from './arguments';
import type { ConfigDeclaration, DeclaredField } from './declaration';
import { helpText } from './help';
import { readConfigFile, type ConfigFile, type ReadFile } from './json-file';
import { namesOf } from './names';
import { printedConfig } from './print';
import { misplacedSecret, missing, resolve, type Resolved } from './resolve';
import { settingText, type Given, type Mistake } from './setting';

/** Where settings come from. */
export interface ConfigSources {
  /** The arguments after the program's name: `process.argv.slice(2)`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  /** What `--version` prints beside the name. */
  readonly version?: string;
}

/** The values to start with, or a text to print instead of starting. */
export type LoadedConfig<V> =
  | { readonly kind: 'values'; readonly values: V }
  | { readonly kind: 'print'; readonly text: string; readonly exitCode: 0 };

/**
 * Reads the settings: defaults, then the JSON file named by `--config` or CONFIG, the environment, and flags, each
 * taking the place of the one before. An environment variable that is empty counts as not set.
 *
 * @throws EmitterError CONFIG_INVALID that lists every mistake, each under the name that was used, and never a secret
 */
export function loadConfig<V>(declaration: ConfigDeclaration<V>, sources: ConfigSources): LoadedConfig<V> {
  const line = readArguments(declaration, sources.argv);
  if (line.help) {
    return { kind: 'print', text: helpText(declaration), exitCode: 0 };
  }
  if (line.version) {
    return { kind: 'print', text: `${declaration.name} ${sources.version ?? ''}`.trim() + '\n', exitCode: 0 };
  }
  const { resolved, mistakes } = resolveAll(declaration, line, sources);
  const values = Object.fromEntries(resolved.map(({ name, value }) => [name, value])) as V;
  // Rules over several settings mean something only when every one of them could be read.
  const all = mistakes.length > 0 ? mistakes : brokenRules(declaration, resolved, values);
  if (all.length > 0) {
    throw configInvalid(declaration.name, all);
  }
  return line.printConfig ? { kind: 'print', text: printedConfig(resolved), exitCode: 0 } : { kind: 'values', values };
}

function resolveAll(
  declaration: ConfigDeclaration<never>,
  line: CommandLine,
  { env, readFile }: ConfigSources,
): { resolved: Resolved[]; mistakes: Mistake[] } {
  const file = configFile(declaration, line, env, readFile);
  const meant = new Set([...line.meant, ...(file?.meant ?? [])]);
  const mistakes = [...line.mistakes, ...(file?.mistakes ?? [])];
  const resolved: Resolved[] = [];
  for (const declared of [...declaration.positionals, ...declaration.fields]) {
    const { name, field } = declared;
    const positional = declaration.positionals.includes(declared);
    const given =
      line.given.get(name) ??
      (positional || field.flagOnly ? undefined : fromEnvironment(declared, env)) ??
      file?.given.get(name);
    if (given !== undefined) {
      const outcome = resolve(declaration, declared, given, readFile);
      if ('problem' in outcome) {
        mistakes.push(outcome);
      } else {
        resolved.push(outcome);
      }
    } else if (!field.required) {
      resolved.push({ ...declared, value: field.defaultValue, origin: { kind: 'default' } });
    } else if (!meant.has(name) && file?.readable !== false) {
      mistakes.push(missing(declaration, declared));
    }
  }
  return { resolved, mistakes };
}

function configFile(
  declaration: ConfigDeclaration<never>,
  line: CommandLine,
  env: ConfigSources['env'],
  readFile: ReadFile,
): ConfigFile | undefined {
  const { flag, variable } = namesOf('config', declaration.variablePrefix);
  const path = line.configFile ?? env[variable] ?? '';
  return path === ''
    ? undefined
    : readConfigFile(declaration, path, line.configFile === undefined ? variable : flag, readFile);
}

function fromEnvironment(declared: DeclaredField, env: ConfigSources['env']): Given | undefined {
  const name = declared.names.variable;
  const text = env[name] ?? '';
  const given: Given | undefined =
    text === '' ? undefined : { origin: { kind: 'environment', name }, texts: [text], parted: false };
  return misplacedSecret(declared, env) ?? given;
}

function brokenRules<V>(declaration: ConfigDeclaration<V>, resolved: readonly Resolved[], values: V): Mistake[] {
  return declaration.check(values).map(({ field, problem }) => {
    const named = resolved.find(({ name }) => name === field);
    return { setting: named === undefined ? field : settingText(named.origin, named.names), problem };
  });
}

function configInvalid(name: string, mistakes: readonly Mistake[]): EmitterError {
  const heading = `${name}: ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`} in the configuration`;
  const lines = mistakes.map(({ setting, problem }) => `  - ${setting} ${problem}`);
  return new EmitterError('CONFIG_INVALID', [heading, ...lines, `See ${name} --help.`].join('\n'), {
    details: { violations: mistakes.map(({ setting, problem }) => ({ field: setting, description: problem })) },
  });
}
