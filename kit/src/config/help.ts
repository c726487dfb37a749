import type { ConfigDeclaration, DeclaredField } from './declaration';
import { namesOf } from './names';
import { argumentText } from './setting';

const width = 100;

/** What `--help` prints: how to call it, then every setting under its heading. */
export function helpText(declaration: ConfigDeclaration<never>): string {
  const { name, summary, fields, positionals, examples } = declaration;
  const heading = summary === '' ? name : `${name}: ${summary}`;
  const args = positionals.map((declared) => ` ${usageOf(declared)}`).join('');
  const sections: Section[] = [
    { title: 'Arguments', entries: positionals.map((declared) => argumentEntry(declared)) },
    ...grouped(fields).map(([title, group]) => ({ title, entries: group.map((declared) => settingEntry(declared)) })),
    { title: 'More', entries: ownEntries(declaration) },
  ];
  const shown = sections.filter(({ entries }) => entries.length > 0);
  const indent = Math.min(32, 4 + Math.max(...shown.flatMap(({ entries }) => entries.map(([left]) => left.length))));
  return [
    heading,
    `\nUsage: ${name}${args} [settings]`,
    ...shown.map(({ title, entries }) => `\n${title}\n${entries.map((entry) => layOut(entry, indent)).join('\n')}`),
    ...(examples.length === 0 ? [] : [`\nExamples\n${examples.map((example) => `  ${example}`).join('\n')}`]),
    '',
  ].join('\n');
}

/** A left side, and what stands beside it, each text from a new line. */
type Entry = readonly [left: string, ...right: string[]];

interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Fields by their headings, in the order in which the headings first appear. */
export function grouped(fields: readonly DeclaredField[]): [string, DeclaredField[]][] {
  const groups = new Map<string, DeclaredField[]>();
  for (const declared of fields) {
    groups.set(declared.field.group, [...(groups.get(declared.field.group) ?? []), declared]);
  }
  return [...groups];
}

/** What `--help` and the reference say of a setting that is not given: its default, or that it must be. */
export function presenceText({ field }: DeclaredField): string {
  if (field.required) {
    return 'required';
  }
  return field.defaultText === undefined ? '' : `default ${field.defaultText === '' ? 'empty' : field.defaultText}`;
}

function usageOf({ field, names }: DeclaredField): string {
  const text = argumentText(names.key) + (field.repeatable ? '…' : '');
  return field.required ? text : `[${text}]`;
}

function argumentEntry(declared: DeclaredField): Entry {
  return [argumentText(declared.names.key), ...described(declared, [declared.field.type, presenceText(declared)])];
}

function settingEntry(declared: DeclaredField): Entry {
  const { field, names } = declared;
  const left = field.switch
    ? `${names.flag}, ${names.flag.replace('--', '--no-')}`
    : `${names.flag} ${field.placeholder}`;
  const type = field.switch || field.placeholder.includes('|') ? '' : field.type;
  return [left, ...described(declared, [type, presenceText(declared), field.flagOnly ? '' : names.variable])];
}

function described({ field }: DeclaredField, notes: readonly string[]): string[] {
  return [field.doc, `(${notes.filter((note) => note !== '').join('; ')})`];
}

function ownEntries({ fields, variablePrefix }: ConfigDeclaration<never>): Entry[] {
  const { flag, variable } = namesOf('config', variablePrefix);
  const key = fields[0]?.names.key ?? 'setting';
  return [
    [
      `${flag} FILE`,
      `A JSON file of settings, as { "${key}": … }. It gives way to the environment, and that to flags.`,
      `(${variable})`,
    ],
    ['--print-config', 'Prints every setting, its value and where it came from, secrets masked, and ends.'],
    ['--version', 'Prints the version and ends.'],
    ['--help, -h', 'Prints this and ends.'],
  ];
}

/** An entry in two columns; a left side that is too wide gets a line of its own. */
function layOut([left, ...right]: Entry, indent: number): string {
  const lines = right.flatMap((text) => wrap(text, width - indent));
  const first = `  ${left}`;
  const fits = first.length + 2 <= indent;
  const body = lines.map((line) => ' '.repeat(indent) + line);
  return fits ? [first.padEnd(indent) + (lines[0] ?? ''), ...body.slice(1)].join('\n') : [first, ...body].join('\n');
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}
