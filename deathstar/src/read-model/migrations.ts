import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from '@emitter/kit';
import type { Knex } from 'knex';

const folder = join(__dirname, '../../sql/migrations');

/** Every migration of the read model there ever was, oldest first. The schema `projection` is there before the first. */
export const migrations: readonly Migration[] = [fromFiles('001-read-model', 'read-model')];

/** A migration whose statements are the files of `<name>/up` and `<name>/down`, one each, run in the order of their names. */
function fromFiles(name: string, files: string): Migration {
  return {
    name,
    up: (database) => runFiles(database, join(folder, files, 'up')),
    down: (database) => runFiles(database, join(folder, files, 'down')),
  };
}

async function runFiles(database: Knex, directory: string): Promise<void> {
  for (const file of readdirSync(directory).sort()) {
    await database.raw(readFileSync(join(directory, file), 'utf8'));
  }
}
