import { Client } from 'pg';
import { connectEmitter, type EmitterClient, type ParkedEvent, type StoredTarget } from '@emitter/simulator';
import { createTemporaryFolder } from '../../src/postgres';
import { startStack, type Stack } from '../../src/stack';

/** A stack for one test file, with what a test looks at. */
export interface TestStack extends Stack {
  /** A client for the first destroyer. */
  readonly client: EmitterClient;
  /** What the database holds, read as its superuser: every row, so that one stored twice is seen twice. */
  stored(): Promise<StoredTarget[]>;
  parked(): Promise<ParkedEvent[]>;
  /** Asks the database as its superuser. */
  query<Row extends object>(text: string): Promise<Row[]>;
  /** Stops everything and removes the folder. */
  remove(): Promise<void>;
}

/** Starts one. */
export async function startTestStack(env: Readonly<Record<string, string>> = {}): Promise<TestStack> {
  const folder = await createTemporaryFolder('emitter-e2e-');
  try {
    const bin = process.env.EMITTER_POSTGRES_BIN;
    const stack = await startStack({ dir: folder.path, postgresDir: folder.postgres, postgresBin: bin, env });
    const client = connectEmitter(stack.destroyer.address);
    const query = async <Row extends object>(text: string): Promise<Row[]> => {
      const { port, superuser } = stack.postgres;
      const superclient = new Client({ host: '127.0.0.1', port, database: stack.database, ...superuser });
      await superclient.connect();
      try {
        return (await superclient.query<Row>(text)).rows;
      } finally {
        await superclient.end();
      }
    };
    return {
      ...stack,
      client,
      query,
      stored: () => query<StoredTarget>('select id, message, criticality, source from projection.targets'),
      parked: () =>
        query<ParkedEvent>(`select event_id as "eventId" from projection.failed_events where state = 'parked'`),
      remove: async () => {
        client.close();
        await stack.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
