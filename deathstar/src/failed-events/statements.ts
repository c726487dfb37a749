import { join } from 'node:path';
import { sqlFile } from '@emitter/kit';

const folder = join(__dirname, '../../sql/failed-events');

export const statements = {
  count: sqlFile(folder, 'count.sql'),
  failedAgain: sqlFile(folder, 'failed-again.sql'),
  record: sqlFile(folder, 'record.sql'),
  redrive: sqlFile(folder, 'redrive.sql'),
  remove: sqlFile(folder, 'remove.sql'),
  takeDue: sqlFile(folder, 'take-due.sql'),
};
