import type { Position, RecordedEvent } from '@emitter/event-log';
import type { Transaction } from '@emitter/kit';
import { verdict, type Failure, type RetryPolicy } from './failure';
import type { RecordedFailure } from './record';
import { statements } from './statements';
import { storableText } from './storable-text';

/** A failed event that is to be tried again now. */
export interface DueEvent {
  readonly event: RecordedEvent;
  /** How often it has failed so far. */
  readonly attempts: number;
}

interface DueRow {
  readonly position: string;
  readonly event_id: string;
  readonly payload: Buffer;
  readonly attributes: Record<string, string>;
  readonly recorded_on: Date;
  readonly attempts: number;
}

/** Takes the event that has been due the longest; no other instance gets it before this transaction has ended. */
export async function takeDue(tx: Transaction): Promise<DueEvent | undefined> {
  const [row] = await tx.query<DueRow>(statements.takeDue);
  if (row === undefined) {
    return undefined;
  }
  const { event_id: id, payload, attributes, recorded_on: recordedOn, attempts } = row;
  return { event: { position: row.position as Position, id, payload, attributes, recordedOn }, attempts };
}

/** Writes down that an event taken failed once more. */
export async function recordFurtherFailure(
  tx: Transaction,
  failure: Failure,
  attemptsBefore: number,
  policy: RetryPolicy,
): Promise<RecordedFailure> {
  const { event, reason, error } = failure;
  const next = verdict(reason, attemptsBefore + 1, policy);
  const wait = next.state === 'retrying' ? next.retryInMs : 0;
  await tx.query(statements.failedAgain, [event.position, reason, storableText(error), next.state, wait]);
  return { ...failure, verdict: next };
}

/** Forgets an event taken: it is stored now, or need not be. */
export async function removeFailed(tx: Transaction, event: RecordedEvent): Promise<void> {
  await tx.query(statements.remove, [event.position]);
}
