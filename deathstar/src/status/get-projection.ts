import { EmitterError, unavailable, type Postgres } from '@emitter/kit';
import type { GetProjectionResponse } from '@emitter/proto';
import { countFailedEvents } from '../failed-events';
import type { Projection } from '../projection';

/**
 * How far the projection is, and how many events are set aside, over all instances.
 * @throws EmitterError UNAVAILABLE when the event log or the read model does not answer
 */
export async function getProjection(projection: Projection, postgres: Postgres): Promise<GetProjectionResponse> {
  const [progress, counts] = await Promise.all([
    orUnavailable(projection.progress(), 'the event log'),
    orUnavailable(countFailedEvents(postgres), 'the read model'),
  ]);
  return {
    name: projection.name,
    checkpoint: progress.checkpoint,
    head: progress.head,
    lagEvents: BigInt(progress.behind),
    lastCommittedOn: projection.lastCommittedOn(),
    parkedEvents: BigInt(counts.parked),
    retryingEvents: BigInt(counts.retrying),
    active: projection.active(),
  };
}

async function orUnavailable<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof EmitterError ? error : unavailable(error, what);
  }
}
