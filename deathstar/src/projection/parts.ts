import type { RecordedEvent } from '@emitter/event-log';
import type { Postgres } from '@emitter/kit';
import type { RetryPolicy } from '../failed-events';
import type { Partitions } from '../partitions';
import { timeOf, type PrepareOptions } from './prepare';

/** What projecting works with. */
export interface ProjectionParts {
  readonly postgres: Postgres;
  readonly partitions: Partitions;
  readonly policy: RetryPolicy;
  /** How to read events at this moment. */
  readonly preparing: () => PrepareOptions;
}

/**
 * Makes the partitions that a batch needs. Not in the batch's transaction, so that no lock on the table's definition is
 * held while the batch is written.
 */
export async function ensurePartitions(
  batch: readonly RecordedEvent[],
  { partitions, preparing }: ProjectionParts,
): Promise<void> {
  const { oldest, mayHold } = preparing();
  const times = batch.map(timeOf).filter((time) => time !== undefined);
  await partitions.ensureFor(times.filter((time) => time >= oldest && mayHold(time)));
}
