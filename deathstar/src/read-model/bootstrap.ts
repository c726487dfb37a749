import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../sql/bootstrap');

/**
 * The group roles and their rights on one database, as SQL for an administrator to run in that database before any
 * migration. Running it again changes nothing.
 */
export function rolesSql(): string {
  return readFileSync(join(folder, 'roles.sql'), 'utf8');
}

/**
 * The embedded mode's logins `emitter_migrator`, `destroyer` and `deathstar` as members of their groups, as SQL to run
 * after {@link rolesSql}. It sets no passwords: that is the work of whoever starts the database.
 */
export function loginsSql(): string {
  return readFileSync(join(folder, 'logins.sql'), 'utf8');
}
