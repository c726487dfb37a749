import { writeFile } from 'node:fs/promises';
import { Client } from 'pg';
import { embeddedLogins, makeRoles, newPasswords, setPasswords } from '../postgres/logins';
import type { PostgresServer } from '../postgres/server';
import type { StackFolder } from './folder';

/** The database that log and read model are in. */
export const database = 'emitter';

/** The database, its roles, and new passwords for the logins, in files that only we can read. */
export async function prepareDatabase(postgres: PostgresServer, { passwordFile }: StackFolder): Promise<void> {
  const passwords = newPasswords();
  await asSuperuser(postgres, 'postgres', async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) {
      await client.query(`create database ${database}`);
    }
  });
  await asSuperuser(postgres, database, async (client) => {
    await makeRoles(client);
    await setPasswords(client, passwords);
  });
  for (const login of embeddedLogins) {
    await writeFile(passwordFile(login), `${passwords[login]}\n`, { mode: 0o600 });
  }
}

async function asSuperuser(
  postgres: PostgresServer,
  name: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port: postgres.port, database: name, ...postgres.superuser });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
