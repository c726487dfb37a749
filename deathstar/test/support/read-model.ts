import { createPostgres, fixedCredential, type Postgres } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { decodeTargetsAcquired } from '@emitter/proto';
import type { RecordedEvent } from '@emitter/event-log';
import { createPartitions, type Partitions } from '../../src/partitions';
import type { Outcome } from '../../src/projection';
import type { ProjectionParts } from '../../src/projection/parts';
import { projectBatch } from '../../src/projection/project-batch';
import { retryDueEvent } from '../../src/projection/retry';

export interface FailedRow {
  readonly position: string;
  readonly event_id: string;
  readonly payload: Buffer;
  readonly attributes: Record<string, string>;
  readonly state: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
}

export interface TargetRow {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
  readonly source: string;
  readonly created_on: Date;
  readonly updated_on: Date;
  readonly content_hash: Buffer | null;
}

/** A migrated database and the projection's parts on it, logged in as deathstar. */
export interface ReadModel {
  readonly database: TestDatabase;
  readonly postgres: Postgres;
  readonly partitions: Partitions;
  readonly parts: ProjectionParts;
  project(events: readonly RecordedEvent[]): Promise<Outcome>;
  /** Tries due events until none is due. */
  retryAll(): Promise<Outcome[]>;
  targets(): Promise<TargetRow[]>;
  failed(): Promise<FailedRow[]>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** A connection to a test database as deathstar. */
export function connect(database: TestDatabase): Postgres {
  return createPostgres({
    url: `postgres://127.0.0.1:${database.port}/${database.name}`,
    login: fixedCredential(database.login('deathstar')),
    applicationName: 'deathstar-test',
    maxConnections: 4,
  });
}

/** Parts as the service has them, with retries that are due at once. */
export function projectionParts(postgres: Postgres, changed: Partial<ProjectionParts> = {}): ProjectionParts {
  const partitions = changed.partitions ?? createPartitions(postgres, Date.now);
  return {
    postgres,
    partitions,
    policy: { maxAttempts: 3, firstRetryMs: 0 },
    preparing: () => ({
      decode: decodeTargetsAcquired,
      oldest: -Infinity,
      mayHold: (time) => partitions.mayHold(time),
    }),
    ...changed,
  };
}

export async function openReadModel(): Promise<ReadModel> {
  const database = await createTestDatabase();
  const postgres = connect(database);
  const parts = projectionParts(postgres);
  return {
    database,
    postgres,
    partitions: parts.partitions,
    parts,
    project: (events) => projectBatch(events, parts),
    retryAll: () => retryAll(parts),
    targets: () => database.query<TargetRow>('select * from projection.targets order by id'),
    failed: () => database.query<FailedRow>('select * from projection.failed_events order by position::integer'),
    empty: async () => {
      await database.query('truncate projection.targets, projection.failed_events');
    },
    close: async () => {
      await postgres.close();
      await database.drop();
    },
  };
}

export async function retryAll(parts: ProjectionParts): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (;;) {
    const outcome = await retryDueEvent(parts);
    if (outcome === undefined) {
      return outcomes;
    }
    outcomes.push(outcome);
  }
}
