import { recordFurtherFailure, removeFailed, takeDue } from '../failed-events';
import type { Outcome } from './outcome';
import { ensurePartitions, type ProjectionParts } from './parts';
import { prepare } from './prepare';
import { statements } from './statements';
import { storeAroundPoison } from './store-around-poison';

/**
 * Tries the failed event that has been due the longest, in one transaction with what comes of it: it is stored and
 * forgotten, or it failed once more and waits longer, or it is parked.
 * @returns undefined when none is due
 * @throws what is no fault of the event; then the attempt does not count
 */
export async function retryDueEvent(parts: ProjectionParts): Promise<Outcome | undefined> {
  const { postgres, partitions, policy, preparing } = parts;
  return postgres.transaction(async (tx) => {
    const due = await takeDue(tx);
    if (due === undefined) {
      return undefined;
    }
    const { event, attempts } = due;
    partitions.forget();
    await ensurePartitions([event], parts);
    const { storable, failures, expired } = prepare([event], preparing());
    const result = await storeAroundPoison(tx, storable);

    const [failure] = [...failures, ...result.failures];
    if (failure !== undefined) {
      const recorded = await recordFurtherFailure(tx, failure, attempts, policy);
      return { ...result, failures: [recorded], expired };
    }
    await removeFailed(tx, event);
    if (result.storedEvents > 0) {
      await tx.query(statements.notifyStored);
    }
    return { ...result, failures: [], expired };
  });
}
