import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, type MigrateOptions, type Migration } from '@emitter/kit';
import { sqlFolder } from '../statements';

/** The log's migrations, oldest first. The statements of each are in files of their own, run in the order of their names. */
export const eventLogMigrations: readonly Migration[] = ['001-log'].map((name) => ({
  name,
  up: (database) => runFolder(name, 'up', (text) => database.raw(text)),
  down: (database) => runFolder(name, 'down', (text) => database.raw(text)),
}));

/** What a migration of the event log needs to know; the rest is the same everywhere. */
export type MigrateEventLogOptions = Pick<MigrateOptions, 'url' | 'login' | 'direction' | 'logger' | 'lockTimeoutMs'>;

/**
 * Brings the schema `event_log` up or down. Needs the group roles to be there.
 * @returns the names of the migrations run
 */
export function migrateEventLog(options: MigrateEventLogOptions): Promise<string[]> {
  return migrate({ ...options, schema: 'event_log', ownerRole: 'emitter_owner', migrations: eventLogMigrations });
}

async function runFolder(
  name: string,
  direction: 'up' | 'down',
  run: (text: string) => Promise<unknown>,
): Promise<void> {
  const folder = join(sqlFolder, 'migrations', name, direction);
  for (const file of readdirSync(folder).sort()) {
    await run(readFileSync(join(folder, file), 'utf8'));
  }
}
