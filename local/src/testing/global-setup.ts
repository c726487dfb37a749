import { Client } from 'pg';
// First, because it decides where the next ones are found.
import './sources';
import { makeRoles, newPasswords, setPasswords, startTemporaryPostgres } from '../postgres';
import { announceTestServer } from './test-server';

/**
 * Starts the Postgres that all integration tests share. EMITTER_POSTGRES_BIN chooses another version. Nothing in it is
 * worth a wait for the disk, so it does not: durability is tested on servers of their own.
 */
export default async function globalSetup(): Promise<void> {
  const server = await startTemporaryPostgres({
    bin: process.env.EMITTER_POSTGRES_BIN,
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  const passwords = newPasswords();
  const administrator = new Client({
    host: '127.0.0.1',
    port: server.port,
    database: 'postgres',
    ...server.superuser,
  });
  await administrator.connect();
  await makeRoles(administrator);
  await setPasswords(administrator, passwords);
  await administrator.end();
  announceTestServer({ port: server.port, passwords: { ...passwords, postgres: server.superuser.password } });
  globalThis.emitterTestPostgres = server;
}
