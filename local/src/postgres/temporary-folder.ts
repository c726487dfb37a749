import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { guard } from './guardian';

/** A folder that is gone after us, however we end. */
export interface TemporaryFolder {
  readonly path: string;
  /** Where its Postgres is, for `startPostgres`: that server is stopped before the folder goes. */
  readonly postgres: string;
  remove(): Promise<void>;
}

/** Makes a folder below the system's folder for temporary files, under a guardian that removes it should we die. */
export async function createTemporaryFolder(prefix: string, parent = tmpdir()): Promise<TemporaryFolder> {
  // TMPDIR may be relative; the guardian and Postgres work in folders of their own.
  const path = await mkdtemp(join(resolve(parent), prefix));
  if (process.getuid?.() === 0) {
    // Postgres runs under another account then, and must get through; what is secret inside has its own mode.
    await chmod(path, 0o711);
  }
  const postgres = join(path, 'postgres');
  const guardian = guard(join(postgres, 'data'), path);
  return {
    path,
    postgres,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      guardian.dismiss();
    },
  };
}
