import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One SQL statement. */
export interface Statement {
  /** Under this name it is prepared once on each connection; empty: parsed each time it runs. */
  readonly name: string;
  /** The SQL, parameters as `$1`, `$2`… */
  readonly text: string;
}

/**
 * Reads a statement from its own file, to be prepared under the file's name and the text's hash: two versions of a
 * statement never meet under one name.
 * @param folder - `join(__dirname, '../sql')`: the same place seen from `src/` and from `dist/`
 * @param file - the file's name with its ending: `append.sql`
 */
export function sqlFile(folder: string, file: string): Statement {
  const text = readFileSync(join(folder, file), 'utf8').trim();
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { name: `${file.replace(/\.sql$/, '').replaceAll('/', '-')}-${hash}`, text };
}

/** A statement that runs seldom, so that preparing it is not worth while. */
export function unprepared(text: string): Statement {
  return { name: '', text };
}
