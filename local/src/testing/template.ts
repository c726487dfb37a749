import { Client } from 'pg';
import { makeRoles } from '../postgres/logins';
import { testServer } from './test-server';

/** The database that migrated test databases are copies of. */
export const templateName = 'emitter_template';

/** Any number that no other advisory lock in the database `postgres` has. */
const templateLock = 7_305_501;

/** Makes the template once for all test processes: the first that needs it does, the others wait. */
export async function ensureTemplate(administrator: Client): Promise<void> {
  await administrator.query('select pg_advisory_lock($1)', [templateLock]);
  try {
    const { rowCount } = await administrator.query('select from pg_database where datname = $1', [templateName]);
    if (rowCount === 0) {
      await makeTemplate(administrator);
    }
  } finally {
    await administrator.query('select pg_advisory_unlock($1)', [templateLock]);
  }
}

async function makeTemplate(administrator: Client): Promise<void> {
  // Under another name until it is whole: a migration that fails leaves no half template behind.
  const draft = `${templateName}_draft`;
  await administrator.query(`drop database if exists ${draft} with (force)`);
  await administrator.query(`create database ${draft}`);
  await allow(draft);
  const { port, passwords } = testServer();
  const where = {
    url: `postgres://127.0.0.1:${port}/${draft}`,
    login: { user: 'emitter_migrator', password: passwords.emitter_migrator },
  };
  // Loaded here, so that most test processes, who find the template made, do not load both packages.
  const { migrateEventLog } = await import('@emitter/event-log');
  const { migrateReadModel } = await import('@emitter/deathstar');
  await migrateEventLog(where);
  await migrateReadModel(where);
  await administrator.query(`alter database ${draft} rename to ${templateName}`);
}

/** Sets what the roles may do in a database. Rights on a database itself are not copied from its template. */
export async function allow(database: string): Promise<void> {
  const { port, passwords } = testServer();
  const there = new Client({ host: '127.0.0.1', port, database, user: 'postgres', password: passwords.postgres });
  await there.connect();
  try {
    await makeRoles(there);
  } finally {
    await there.end();
  }
}
