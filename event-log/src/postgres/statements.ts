import { join } from 'node:path';
import { sqlFile } from '@emitter/kit';

/** The same folder seen from `src/postgres` and from `dist/postgres`. */
export const sqlFolder = join(__dirname, '../../sql');

/** Every statement that the adapter runs, each in its own file. */
export const statements = {
  advanceCheckpoint: sqlFile(sqlFolder, 'advance-checkpoint.sql'),
  append: sqlFile(sqlFolder, 'append.sql'),
  checkPublisher: sqlFile(sqlFolder, 'check-publisher.sql'),
  checkSubscriber: sqlFile(sqlFolder, 'check-subscriber.sql'),
  head: sqlFile(sqlFolder, 'head.sql'),
  progress: sqlFile(sqlFolder, 'progress.sql'),
  readEvents: sqlFile(sqlFolder, 'read-events.sql'),
  startCheckpoint: sqlFile(sqlFolder, 'start-checkpoint.sql'),
  tryLock: sqlFile(sqlFolder, 'try-lock.sql'),
} as const;
