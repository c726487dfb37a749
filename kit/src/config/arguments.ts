import type { ConfigDeclaration, DeclaredField } from './declaration';
import { argumentText, type Given, type Mistake, type Source } from './setting';
import { nearest } from './suggestion';

/** What the command line says. */
export interface CommandLine extends Source {
  readonly help: boolean;
  readonly version: boolean;
  readonly printConfig: boolean;
  /** The configuration file named by `--config`. */
  readonly configFile: string | undefined;
}

/** What a flag is: its own name, whose field it sets, and the value that it means without one. */
interface Flag {
  readonly flag: string;
  readonly field: string;
  readonly bare?: string;
  /** Set for a flag that is not taken, only understood, to say what to do instead. */
  readonly refused?: string;
}

const ownFlags: readonly Flag[] = [
  { flag: '--help', field: '(help)', bare: 'true' },
  { flag: '-h', field: '(help)', bare: 'true' },
  { flag: '--version', field: '(version)', bare: 'true' },
  { flag: '--print-config', field: '(printConfig)', bare: 'true' },
  { flag: '--config', field: '(config)' },
];

/**
 * Reads a command line: `--name value`, `--name=value`, switches as `--name` and `--no-name`, arguments in their places,
 * and `--` before arguments that begin with a dash. A flag given again replaces the first, or adds to a list. The texts
 * of values are not looked at, and no mistake repeats one.
 */
export function readArguments(declaration: ConfigDeclaration<never>, argv: readonly string[]): CommandLine {
  const flags = new Map([...ownFlags, ...declaration.fields.flatMap(flagsOf)].map((flag) => [flag.flag, flag]));
  const known = [...flags.values()].filter(({ refused }) => refused === undefined).map(({ flag }) => flag);
  const given = new Map<string, Given>();
  const mistakes: Mistake[] = [];
  const meant = new Set<string>();
  const loose: string[] = [];
  const rest = [...argv];

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      loose.push(...rest.splice(0));
      continue;
    }
    if (!/^-./.test(word) || (/^-\d/.test(word) && declaration.positionals.length > 0)) {
      loose.push(word);
      continue;
    }
    const [name, attached] = split(word);
    const flag = flags.get(name);
    if (flag !== undefined) {
      const text = attached ?? flag.bare ?? takeValue(rest);
      given.set(flag.field, flagGiven(flag, text, attached, given.get(flag.field)));
      continue;
    }
    const near = flags.get(nearest(name, known) ?? '');
    mistakes.push({ setting: name, problem: noSuchFlag(near) });
    meant.add(near?.field ?? '');
    // The value of a mistyped flag is no argument, and may be a secret: it goes unread.
    if (
      attached === undefined &&
      (near === undefined ? declaration.positionals.length === 0 : near.bare === undefined)
    ) {
      takeValue(rest);
    }
  }
  placeArguments(declaration, loose, given, mistakes);
  const config = given.get('(config)');
  if (config !== undefined && 'problem' in config) {
    mistakes.push({ setting: '--config', problem: config.problem });
  }
  return {
    given,
    mistakes,
    meant,
    help: given.has('(help)'),
    version: given.has('(version)'),
    printConfig: given.has('(printConfig)'),
    configFile: config !== undefined && 'texts' in config ? config.texts.at(-1) : undefined,
  };
}

function flagsOf({ name, field, names }: DeclaredField): Flag[] {
  if (field.switch) {
    return [
      { flag: names.flag, field: name, bare: 'true' },
      { flag: names.flag.replace('--', '--no-'), field: name, bare: 'false' },
    ];
  }
  const flag = { flag: names.flag, field: name };
  const refused = `is not taken: a secret comes in only as a file; put it in one and give its path by ${names.flag}`;
  return field.secret ? [flag, { flag: names.flag.replace(/-file$/, ''), field: name, refused }] : [flag];
}

function split(word: string): [string, string | undefined] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** Takes the next word as a value, unless it is a flag itself; a negative number is a value. */
function takeValue(rest: string[]): string | undefined {
  return rest[0]?.startsWith('--') === true ? undefined : rest.shift();
}

function flagGiven(
  flag: Flag,
  text: string | undefined,
  attached: string | undefined,
  before: Given | undefined,
): Given {
  const origin = { kind: 'flag', name: flag.flag } as const;
  if (flag.refused !== undefined) {
    return { origin, problem: flag.refused };
  }
  if (flag.bare === 'false' && attached !== undefined) {
    return { origin, problem: 'takes no value' };
  }
  if (text === undefined) {
    return { origin, problem: `needs a value: ${flag.flag} VALUE, or ${flag.flag}=VALUE if it begins with dashes` };
  }
  return { origin, texts: [...(before !== undefined && 'texts' in before ? before.texts : []), text], parted: false };
}

function noSuchFlag(near: Flag | undefined): string {
  return `is not a flag${near === undefined ? '; --help lists them' : `; did you mean ${near.flag}?`}`;
}

/** Gives each argument its place; what has none is a mistake. */
function placeArguments(
  { positionals }: ConfigDeclaration<never>,
  loose: string[],
  given: Map<string, Given>,
  mistakes: Mistake[],
): void {
  for (const { name, field, names } of positionals) {
    const texts = loose.splice(0, field.repeatable ? loose.length : 1);
    if (texts.length > 0) {
      given.set(name, { origin: { kind: 'argument', name: argumentText(names.key) }, texts, parted: true });
    }
  }
  if (loose.length > 0) {
    const takes = positionals.map(({ names }) => argumentText(names.key)).join(' ');
    const expected = takes === '' ? 'none is taken' : `only ${takes} is taken; put a text of several words in quotes`;
    mistakes.push({ setting: 'The arguments', problem: `are ${loose.length} too many: ${expected}` });
  }
}
