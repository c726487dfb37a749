import { EmitterError } from '../errors';
import type { ConfigDeclaration, ConfigValues } from './declaration';
import { loadConfig, type ConfigSources } from './load';
import { suggestion } from './suggestion';

/** The commands of one program: what a person types after its name, and the settings of each. */
export type Commands = Readonly<Record<string, ConfigDeclaration<never>>>;

/** The command chosen with its values. */
export type ChosenCommand<C extends Commands> = {
  [K in keyof C]: { readonly kind: 'values'; readonly command: K; readonly values: ConfigValues<C[K]> };
}[keyof C];

/** The command chosen with its values, or a text to print instead. */
export type LoadedCommand<C extends Commands> =
  ChosenCommand<C> | { readonly kind: 'print'; readonly text: string; readonly exitCode: 0 };

/**
 * Reads a command line that begins with a command: `simulator serve --every 500ms`.
 *
 * @param name - the program's name
 * @throws EmitterError CONFIG_INVALID when there is no such command, or its settings have mistakes
 */
export function loadCommand<const C extends Commands>(
  name: string,
  commands: C,
  sources: ConfigSources,
): LoadedCommand<C> {
  const [word = '--help', ...argv] = sources.argv;
  if (['--help', '-h', 'help'].includes(word)) {
    return { kind: 'print', text: overview(name, commands), exitCode: 0 };
  }
  if (word === '--version') {
    return { kind: 'print', text: `${name} ${sources.version ?? ''}`.trim() + '\n', exitCode: 0 };
  }
  const declaration = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (declaration === undefined) {
    const problem = `${word} is not a command of ${name}${suggestion(word, Object.keys(commands))}`;
    throw new EmitterError('CONFIG_INVALID', `${problem}\nSee ${name} --help.`);
  }
  const loaded = loadConfig(declaration, { ...sources, argv });
  // The word is a key of the commands and the values are that command's: what the type says of each pair.
  const chosen: unknown = loaded.kind === 'print' ? loaded : { ...loaded, command: word };
  return chosen as LoadedCommand<C>;
}

function overview(name: string, commands: Commands): string {
  const width = Math.max(...Object.keys(commands).map((word) => word.length));
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(width)}  ${summary}`.trimEnd());
  return [
    `Usage: ${name} COMMAND`,
    '',
    'Commands',
    ...lines,
    '',
    `${name} COMMAND --help shows the settings of one.`,
    '',
  ].join('\n');
}
