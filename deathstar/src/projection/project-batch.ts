import type { RecordedEvent } from '@emitter/event-log';
import type { Transaction } from '@emitter/kit';
import { recordFailures, type Failure } from '../failed-events';
import type { Outcome } from './outcome';
import { ensurePartitions, type ProjectionParts } from './parts';
import { prepare, type StorableEvent } from './prepare';
import { statements } from './statements';
import { addResults, nothingStored, storeEvents, type StoreResult } from './store';
import { isRefusal, storeAroundPoison } from './store-around-poison';

/** Events written by one statement. Large enough to spread its cost, small enough that reading and writing overlap. */
const EVENTS_PER_STATEMENT = 256;

/**
 * Projects a batch in one transaction: stores its events, sets those aside that fail, and wakes those who watch.
 * Projecting it again changes nothing.
 * @throws what is no fault of an event (connection, rights, schema); then nothing of the batch is stored
 */
export async function projectBatch(batch: readonly RecordedEvent[], parts: ProjectionParts): Promise<Outcome> {
  const { postgres, partitions } = parts;
  await ensurePartitions(batch, parts);
  try {
    return await postgres.transaction((tx) => write(tx, batch, parts, storeEvents));
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
  }
  // What looks like a poison event may be a partition that somebody dropped.
  partitions.forget();
  await ensurePartitions(batch, parts);
  return postgres.transaction((tx) => write(tx, batch, parts, storeAroundPoison));
}

type Store = (tx: Transaction, events: readonly StorableEvent[]) => Promise<StoreResult>;

async function write(
  tx: Transaction,
  batch: readonly RecordedEvent[],
  { policy, preparing }: ProjectionParts,
  store: Store,
): Promise<Outcome> {
  const options = preparing();
  const failures: Failure[] = [];
  let expired = 0;
  let result = nothingStored;
  let storing = Promise.resolve(nothingStored);
  for (let from = 0; from < batch.length; from += EVENTS_PER_STATEMENT) {
    // Meanwhile the database works on the events before.
    const prepared = prepare(batch.slice(from, from + EVENTS_PER_STATEMENT), options);
    failures.push(...prepared.failures);
    expired += prepared.expired;
    result = addResults(result, await storing);
    storing = store(tx, prepared.storable);
  }
  result = addResults(result, await storing);
  const recorded = await recordFailures(tx, [...failures, ...result.failures], policy);
  if (result.storedEvents > 0) {
    await tx.query(statements.notifyStored);
  }
  return { ...result, failures: recorded, expired };
}
