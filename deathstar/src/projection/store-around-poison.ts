import { classify, isDatabaseError, type Transaction } from '@emitter/kit';
import { statements } from './statements';
import { addResults, nothingStored, storeEvents, type StoreResult } from './store';
import type { StorableEvent } from './prepare';

/** Whether the database refused the data it was given, so that the same data will be refused again. */
export function isRefusal(error: unknown): boolean {
  return isDatabaseError(error) && classify(error) === 'data';
}

/**
 * Writes events; what the database refuses is halved until the refused event stands alone, so that it costs the
 * others nothing but time. Each try stands behind a savepoint of its own.
 * @throws every other error of the database
 */
export async function storeAroundPoison(tx: Transaction, events: readonly StorableEvent[]): Promise<StoreResult> {
  const [first, ...others] = events;
  if (first === undefined) {
    return nothingStored;
  }
  await tx.query(statements.savepoint);
  try {
    const result = await storeEvents(tx, events);
    await tx.query(statements.releaseSavepoint);
    return result;
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    await tx.query(statements.rollbackToSavepoint);
    await tx.query(statements.releaseSavepoint);
    if (others.length === 0) {
      return { ...nothingStored, failures: [refusal(first, error)] };
    }
  }
  const middle = Math.ceil(events.length / 2);
  const one = await storeAroundPoison(tx, events.slice(0, middle));
  return addResults(one, await storeAroundPoison(tx, events.slice(middle)));
}

function refusal({ recorded }: StorableEvent, error: unknown) {
  const text = isDatabaseError(error) ? `${error.code}: ${error.message}` : String(error);
  return { event: recorded, reason: 'REFUSED_BY_DATABASE' as const, error: text };
}
