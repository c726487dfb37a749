import type { ConfigDeclaration, DeclaredField } from './declaration';
import { grouped, presenceText } from './help';
import { argumentText } from './setting';

/** The reference page of all settings, as Markdown: `docs/configuration.md` is made from it. */
export function configReference(declarations: readonly ConfigDeclaration<never>[]): string {
  return [introduction, ...declarations.map(section)].join('\n');
}

const introduction = `# Configuration

Made from the declarations in the code; do not edit.

Settings come from defaults, a JSON file (\`--config FILE\` or \`CONFIG\`), the environment, and flags; each takes the
place of the one before. An environment variable that is empty counts as not set. Secrets come in only as files, whose
paths are the settings that end in \`_FILE\`. At start every setting is checked, and every mistake is listed at once.
\`--help\` shows the settings of a program; \`--print-config\` shows their values, secrets masked, and where each came from.
`;

function section({ name, summary, fields, positionals }: ConfigDeclaration<never>): string {
  const args = positionals.map((declared) => [argumentText(declared.names.key), ...cells(declared)]);
  const tables = [
    ...(args.length === 0
      ? []
      : [table('Arguments', ['Argument', 'What it must be', 'If not given', 'Meaning'], args)]),
    ...grouped(fields).map(([title, group]) =>
      table(
        title,
        ['Environment', 'Flag', 'JSON key', 'What it must be', 'If not given', 'Meaning'],
        group.map((declared) => [...nameCells(declared), ...cells(declared)]),
      ),
    ),
  ];
  return [`## ${name}\n`, ...(summary === '' ? [] : [`${summary}\n`]), ...tables].join('\n');
}

function nameCells({ field, names }: DeclaredField): string[] {
  const flag = field.switch ? `${names.flag}, ${names.flag.replace('--', '--no-')}` : names.flag;
  const flags = flag.split(', ').map(code).join(', ');
  return field.flagOnly ? ['', flags, ''] : [code(names.variable), flags, code(names.key)];
}

function cells(declared: DeclaredField): string[] {
  const { defaultText, type, doc } = declared.field;
  const presence = defaultText === undefined || defaultText === '' ? presenceText(declared) : code(defaultText);
  return [type, presence === '' ? 'not set' : presence, doc];
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cellsOfRow: readonly string[]) => `| ${cellsOfRow.map(escape).join(' | ')} |`;
  return [`### ${title}\n`, line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
