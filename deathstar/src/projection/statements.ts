import { join } from 'node:path';
import { sqlFile } from '@emitter/kit';

const folder = join(__dirname, '../../sql/projection');

export const statements = {
  insertFirstTargets: sqlFile(folder, 'insert-first-targets.sql'),
  insertFurtherTargets: sqlFile(folder, 'insert-further-targets.sql'),
  notifyStored: sqlFile(folder, 'notify-stored.sql'),
  releaseSavepoint: sqlFile(folder, 'release-savepoint.sql'),
  rollbackToSavepoint: sqlFile(folder, 'rollback-to-savepoint.sql'),
  savepoint: sqlFile(folder, 'savepoint.sql'),
  storedHashes: sqlFile(folder, 'stored-hashes.sql'),
};
