import { byteaArray, int4Array, textArray, timestamptzArray, type Transaction } from '@emitter/kit';
import { verdict, type Failure, type RetryPolicy, type Verdict } from './failure';
import { statements } from './statements';
import { storableText } from './storable-text';

/** A failure and what came of it. */
export interface RecordedFailure extends Failure {
  readonly verdict: Verdict;
}

/**
 * Writes first failures into the read model's database, in the transaction that stores the events around them.
 * @returns those that were not known before; an event that comes again from the log is not one
 */
export async function recordFailures(
  tx: Transaction,
  failures: readonly Failure[],
  policy: RetryPolicy,
): Promise<RecordedFailure[]> {
  if (failures.length === 0) {
    return [];
  }
  const judged = failures.map((failure) => ({ ...failure, verdict: verdict(failure.reason, 1, policy) }));
  const known = await tx.query<{ position: string }>(statements.record, [
    textArray(judged.map(({ event }) => event.position)),
    textArray(judged.map(({ event }) => storableText(event.id))),
    byteaArray(judged.map(({ event }) => event.payload)),
    textArray(judged.map(({ event }) => JSON.stringify(event.attributes))),
    timestamptzArray(judged.map(({ event }) => event.recordedOn)),
    textArray(judged.map(({ reason }) => reason)),
    textArray(judged.map(({ error }) => storableText(error))),
    textArray(judged.map((failure) => failure.verdict.state)),
    int4Array(judged.map((failure) => (failure.verdict.state === 'retrying' ? failure.verdict.retryInMs : 0))),
  ]);
  const recorded = new Set(known.map(({ position }) => position));
  return judged.filter(({ event }) => recorded.has(event.position));
}
