import { types } from 'node:util';
import { ownNames, type ConfigDeclaration, type DeclaredField } from './declaration';
import type { Given, Mistake, Source } from './setting';
import { nearest } from './suggestion';

/** What a configuration file says. */
export interface ConfigFile extends Source {
  /** Whether it could be read at all. */
  readonly readable: boolean;
}

/** Reads a file's content as text; throws as `fs.readFileSync` does. */
export type ReadFile = (path: string) => string;

/**
 * Reads the JSON file at `file`: one object, a key for each setting.
 *
 * @param namedBy - the setting that named the file, for its mistakes
 */
export function readConfigFile(
  declaration: ConfigDeclaration<never>,
  file: string,
  namedBy: string,
  readFile: ReadFile,
): ConfigFile {
  const content = attempt(() => readFile(file));
  if (typeof content !== 'string') {
    return failed(namedBy, `names ${file}, and ${whyUnread(content)}`);
  }
  // A byte order mark is what some editors on Windows begin a file with.
  const parsed = attempt(() => JSON.parse(content.replace(/^\uFEFF/, '')) as unknown);
  if (types.isNativeError(parsed)) {
    return failed(file, `is no valid JSON${placeOf(parsed, content)}`);
  }
  if (jsonType(parsed) !== 'object') {
    return failed(file, `must hold one JSON object, { "setting": value, … }, not ${jsonType(parsed)}`);
  }
  return readObject(declaration, file, parsed as Record<string, unknown>);
}

function readObject(declaration: ConfigDeclaration<never>, file: string, object: Record<string, unknown>): ConfigFile {
  const given = new Map<string, Given>();
  const mistakes: Mistake[] = [];
  const meant = new Set<string>();
  for (const [key, value] of Object.entries(object)) {
    const declared = declaration.fields.find(({ names, field }) => names.key === key && !field.flagOnly);
    if (declared === undefined) {
      const near = nearField(declaration, key);
      mistakes.push({ setting: `"${key}" in ${file}`, problem: unknownKey(key, near) });
      meant.add(near?.name ?? '');
      continue;
    }
    const origin = { kind: 'file', file, name: key } as const;
    const texts = textsOf(declared, value);
    given.set(
      declared.name,
      texts === undefined
        ? { origin, problem: `must be ${declared.field.type}, not ${jsonType(value)}` }
        : { origin, texts, parted: Array.isArray(value) },
    );
  }
  return { given, mistakes, meant, readable: true };
}

function nearField({ fields }: ConfigDeclaration<never>, key: string): DeclaredField | undefined {
  const near = nearest(
    key,
    fields.map(({ names }) => names.key),
  );
  return (
    fields.find(({ name, field }) => field.secret && name === key) ?? fields.find(({ names }) => names.key === near)
  );
}

function unknownKey(key: string, near: DeclaredField | undefined): string {
  if (near?.field.secret === true && near.name === key) {
    return `is not taken: a secret comes in only as a file; put it in one and give its path as "${near.names.key}"`;
  }
  if (ownNames.includes(key) || near?.names.key === key) {
    return 'is only a flag';
  }
  return `is not a setting${near === undefined ? '; --help lists them' : `; did you mean "${near.names.key}"?`}`;
}

/** A JSON value as the texts that a field reads; undefined for a type that the field does not take. */
function textsOf({ field }: DeclaredField, value: unknown): string[] | undefined {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => (Array.isArray(item) ? undefined : scalarText(field.json, item)));
    return field.json.includes('array') && items.every((item) => item !== undefined) ? items : undefined;
  }
  const text = scalarText(field.json, value);
  return text === undefined ? undefined : [text];
}

function scalarText(types: readonly string[], value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  const taken = (typeof value === 'number' || typeof value === 'boolean') && types.includes(typeof value);
  return taken ? String(value) : undefined;
}

function jsonType(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Where the syntax breaks. The parser's own message is left out: it repeats what the file holds. */
function placeOf(error: Error, content: string): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position === undefined) {
    return '';
  }
  const lines = content.slice(0, Number(position)).split('\n');
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function failed(setting: string, problem: string): ConfigFile {
  return { given: new Map(), mistakes: [{ setting, problem }], meant: new Set(), readable: false };
}

export function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (thrown) {
    // Not instanceof: what Node's own modules throw in a test comes from another realm.
    return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
};

/** Why a file could not be read, without its name: where a secret's file is due, the name given may be the secret. */
export function whyUnread(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'no reason given';
  return reasons[code] ?? `it cannot be read (${code})`;
}
