import { randomBytes } from 'node:crypto';
import { Client, Pool, type QueryResultRow } from 'pg';
import { type EmbeddedLogin } from '../postgres/logins';
import { allow, ensureTemplate, templateName } from './template';
import { testServer } from './test-server';

/** A login of a test database; `postgres` is the superuser. */
export type TestLogin = EmbeddedLogin | 'postgres';

/** A database of a test file's own. */
export interface TestDatabase {
  readonly name: string;
  readonly port: number;
  /** `postgres://login@127.0.0.1:port/name`, without a password. */
  url(login: TestLogin): string;
  password(login: TestLogin): string;
  /** Both, as kit's Postgres and the migrations take them. */
  login(login: TestLogin): { readonly user: TestLogin; readonly password: string };
  /** Runs a statement as the superuser. */
  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The superuser's connections, for what `query` cannot do. */
  readonly admin: Pool;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/**
 * Makes a database on the Postgres that all integration tests share.
 *
 * @param options.migrated whether the event log's and the read model's tables are there; the default is yes. Without
 * them it has the roles and their rights on the database, as before the first migration.
 */
export async function createTestDatabase({ migrated = true }: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdministrator(async (administrator) => {
    if (migrated) {
      await ensureTemplate(administrator);
    }
    await administrator.query(`create database ${name}${migrated ? ` template ${templateName}` : ''}`);
  });
  await allow(name);
  const { port, passwords } = testServer();
  const password = (login: TestLogin): string => passwords[login];
  const admin = new Pool({
    host: '127.0.0.1',
    port,
    database: name,
    user: 'postgres',
    password: passwords.postgres,
    max: 4,
  });
  // `drop` ends connections that may be idle here.
  admin.on('error', () => undefined);
  return {
    name,
    port,
    url: (login) => `postgres://${login}@127.0.0.1:${port}/${name}`,
    password,
    login: (user) => ({ user, password: password(user) }),
    query: async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(text, [...values])).rows,
    admin,
    drop: async () => {
      await admin.end();
      await asAdministrator((administrator) => administrator.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdministrator(work: (administrator: Client) => Promise<unknown>): Promise<void> {
  const { port, passwords } = testServer();
  const administrator = new Client({
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    password: passwords.postgres,
  });
  await administrator.connect();
  try {
    await work(administrator);
  } finally {
    await administrator.end();
  }
}
