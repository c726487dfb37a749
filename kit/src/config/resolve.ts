import type { ConfigDeclaration, DeclaredField } from './declaration';
import type { Reading } from './field';
import { attempt, whyUnread, type ReadFile } from './json-file';
import { argumentText, settingText, type Given, type Mistake, type Origin } from './setting';

/** A field's value and where it came from. */
export interface Resolved extends DeclaredField {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Reads what was given for a field; for a secret, the file that it names. */
export function resolve(
  declaration: ConfigDeclaration<never>,
  declared: DeclaredField,
  given: Given,
  readFile: ReadFile,
): Resolved | Mistake {
  const { field, names } = declared;
  const setting = settingText(given.origin, names);
  if ('problem' in given) {
    return { setting, problem: given.problem };
  }
  const parts: unknown[] = [];
  for (const text of given.texts) {
    const reading = field.secret
      ? readSecret(declared, text, readFile)
      : given.parted
        ? field.readPart(text)
        : field.read(text);
    if (!reading.ok) {
      const advice = reading.holdsSecret ? secretAdvice(declaration, declared) : '';
      return { setting, problem: reading.problem + advice };
    }
    parts.push(reading.value);
  }
  return { ...declared, value: field.join(parts), origin: given.origin };
}

function readSecret({ field }: DeclaredField, file: string, readFile: ReadFile): Reading<unknown> {
  const content = attempt(() => readFile(file));
  if (typeof content !== 'string') {
    // The name is not repeated: who puts the secret where its file's name belongs must not find it in the log.
    const problem = `must name a file that holds the secret, and ${whyUnread(content)}`;
    return { ok: false, problem, holdsSecret: false };
  }
  return field.read(content);
}

/** Which setting takes the secret: the one whose name begins most alike, as `databasePassword` for `databaseUrl`. */
function secretAdvice({ fields }: ConfigDeclaration<never>, { name }: DeclaredField): string {
  const alike = (other: string) => Array.from(other).findIndex((letter, place) => letter !== name[place]);
  const secrets = fields.filter(({ field }) => field.secret).sort((a, b) => alike(b.name) - alike(a.name));
  const secret = secrets[0];
  return secret === undefined ? '' : `; put it in a file and give its path by ${secret.names.variable}`;
}

/** A required setting that is nowhere. */
export function missing({ positionals }: ConfigDeclaration<never>, declared: DeclaredField): Mistake {
  const { flag, variable, key } = declared.names;
  const problem = positionals.includes(declared)
    ? `is missing: ${declared.field.doc}`
    : declared.field.flagOnly
      ? `is missing: set ${flag} (${declared.field.type})`
      : `is missing: set ${variable}, ${flag} or "${key}" in the configuration file (${declared.field.type})`;
  return {
    setting: positionals.includes(declared) ? argumentText(key) : declared.field.flagOnly ? flag : variable,
    problem,
  };
}

/** A secret in the environment itself, where every child process and every crash report has it. */
export function misplacedSecret(
  { field, names }: DeclaredField,
  env: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const variable = names.variable.replace(/_FILE$/, '');
  if (!field.secret || (env[variable] ?? '') === '') {
    return undefined;
  }
  const problem = `is not taken: a secret comes in only as a file; put it in one and give its path by ${names.variable}`;
  return { origin: { kind: 'environment', name: variable }, problem };
}
