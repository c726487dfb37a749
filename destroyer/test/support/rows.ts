import type { TestDatabase } from '@emitter/local';

/** A target as it stands in the read model. */
export interface StoredTarget {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
  readonly source: string;
}

/** Runs statements: a test database, or one connection of it inside a transaction. */
export interface Runs {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Makes the months' partitions that the times (milliseconds) fall into. */
export async function ensurePartitions(runs: Runs, from: number, to: number): Promise<void> {
  await runs.query('select projection.ensure_partitions($1, $2)', [new Date(from), new Date(to)]);
}

/** Stores targets as deathstar would, the notification included. */
export async function store(runs: Runs, targets: readonly StoredTarget[]): Promise<void> {
  await runs.query(
    `insert into projection.targets (id, message, criticality, source, created_on, updated_on)
     select id, message, criticality, source, now(), now()
     from unnest($1::text[], $2::text[], $3::smallint[], $4::text[]) as t (id, message, criticality, source)`,
    [
      targets.map(({ id }) => id),
      targets.map(({ message }) => message),
      targets.map(({ criticality }) => criticality),
      targets.map(({ source }) => source),
    ],
  );
  await runs.query(`select pg_notify('emitter_targets_stored', '')`);
}

export function query(database: TestDatabase): Runs {
  return { query: (text, values = []) => database.query(text, values) };
}
