import { startPostgres, type PostgresOptions, type PostgresServer } from './server';
import { createTemporaryFolder } from './temporary-folder';

/** A server in a folder of its own that leaves nothing behind. */
export interface TemporaryPostgres extends PostgresServer {
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts a server in a new folder below the system's folder for temporary files. */
export async function startTemporaryPostgres(options: Omit<PostgresOptions, 'dir'> = {}): Promise<TemporaryPostgres> {
  const folder = await createTemporaryFolder('emitter-postgres-');
  try {
    const server = await startPostgres({ ...options, dir: folder.postgres });
    return {
      ...server,
      remove: async () => {
        await server.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
