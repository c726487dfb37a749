import { repeat, type Repetition } from '../schedule';
import type { ProjectionObserver } from './outcome';
import type { ProjectionParts } from './parts';
import { retryDueEvent } from './retry';

/**
 * Tries failed events as they become due: looks every `intervalMs` and tries one after another until none is due. Every
 * instance does so; they share the work. What is no fault of an event ends the round, and the next one begins with the
 * same event.
 */
export function startRetryWorker(
  parts: ProjectionParts,
  observer: Pick<ProjectionObserver, 'retryCommitted' | 'retriesFailed'>,
  intervalMs: number,
): Repetition {
  return repeat(async (closing) => {
    try {
      for (let more = true; more && !closing.aborted;) {
        const outcome = await retryDueEvent(parts);
        more = outcome !== undefined;
        if (outcome !== undefined) {
          observer.retryCommitted(outcome);
        }
      }
    } catch (error) {
      observer.retriesFailed(error);
    }
    return intervalMs;
  });
}
