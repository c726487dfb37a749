import type { Postgres } from '@emitter/kit';
import { statements } from './statements';

/** How many events are set aside. */
export interface FailedEventCounts {
  /** After the last attempt: they wait for a person. */
  readonly parked: number;
  /** They will be tried again by themselves. */
  readonly retrying: number;
}

/** Counts the events that are set aside, over all instances. */
export async function countFailedEvents(postgres: Postgres): Promise<FailedEventCounts> {
  const [row] = await postgres.query<{ parked: string; retrying: string }>(statements.count);
  return { parked: Number(row?.parked ?? 0), retrying: Number(row?.retrying ?? 0) };
}
