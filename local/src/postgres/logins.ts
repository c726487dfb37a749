import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientBase } from 'pg';

/** The embedded mode's fixed logins: one runs the migrations, each service has its own. */
export const embeddedLogins = ['emitter_migrator', 'destroyer', 'deathstar'] as const;

/** The name of an embedded login. */
export type EmbeddedLogin = (typeof embeddedLogins)[number];

/** A password for each login. */
export type LoginPasswords = Readonly<Record<EmbeddedLogin, string>>;

/** New random passwords for all logins. */
export function newPasswords(): LoginPasswords {
  const password = (): string => randomBytes(24).toString('base64url');
  return { emitter_migrator: password(), destroyer: password(), deathstar: password() };
}

/**
 * Makes the group roles and the logins that are their members, and sets what they may do in the connection's database.
 * Can be repeated, and done by several at once.
 *
 * @param administrator a superuser's connection to the database that Emitter will use
 */
export async function makeRoles(administrator: ClientBase): Promise<void> {
  // Read as files, so that who needs a database does not load the whole service that ships them.
  const folder = join(dirname(require.resolve('@emitter/deathstar/package.json')), 'sql', 'bootstrap');
  for (const file of ['roles.sql', 'logins.sql']) {
    await administrator.query(await readFile(join(folder, file), 'utf8'));
  }
  // It inherits nothing (it must SET ROLE the owner), so the right to connect needs giving to itself.
  await administrator.query(`
    do $$ begin execute format('grant connect on database %I to emitter_migrator', current_database()); end $$
  `);
}

/** Gives every login its password. The server is told a verifier only: it logs statements that fail. */
export async function setPasswords(administrator: ClientBase, passwords: LoginPasswords): Promise<void> {
  for (const login of embeddedLogins) {
    await administrator.query(`alter role ${login} password '${verifier(passwords[login])}'`);
  }
}

/** What Postgres stores of a password (RFC 5803, scram-common.c in its source), with its default of 4,096 rounds. */
function verifier(password: string): string {
  const [salt, rounds] = [randomBytes(16), 4_096];
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256');
  const keyed = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
