import { readFileSync } from 'node:fs';
import { EmitterError } from '../errors';
import { loadCommand, type ChosenCommand, type Commands } from './commands';
import type { ConfigDeclaration } from './declaration';
import { loadConfig, type ConfigSources } from './load';

/** The part of Node's `process` from which a program takes its settings. */
export interface ConfigProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * What a `main.ts` begins with: the values to start with, or undefined when there is nothing to start, because what was
 * asked for is printed (`--help`), or every mistake is (exit code 2).
 */
export function configure<V>(
  declaration: ConfigDeclaration<V>,
  process: ConfigProcess,
  version?: string,
): V | undefined {
  return settle(process, () => loadConfig(declaration, sourcesOf(process, version)))?.values;
}

/** The same for a program with commands: the command chosen and its values. */
export function configureCommand<const C extends Commands>(
  name: string,
  commands: C,
  process: ConfigProcess,
  version?: string,
): ChosenCommand<C> | undefined {
  return settle<ChosenCommand<C>>(process, () => loadCommand(name, commands, sourcesOf(process, version)));
}

function sourcesOf({ argv, env }: ConfigProcess, version: string | undefined): ConfigSources {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  return { argv: argv.slice(2), env, readFile, ...(version === undefined ? {} : { version }) };
}

interface Printed {
  readonly kind: 'print';
  readonly text: string;
  readonly exitCode: 0;
}

function settle<T extends { readonly kind: 'values' }>(process: ConfigProcess, load: () => T | Printed): T | undefined {
  try {
    const loaded = load();
    if (loaded.kind === 'values') {
      return loaded;
    }
    process.stdout.write(loaded.text);
  } catch (thrown) {
    if (!(thrown instanceof EmitterError && thrown.code === 'CONFIG_INVALID')) {
      throw thrown;
    }
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = 2;
  }
  return undefined;
}
