import type { NewTarget } from '@emitter/proto';
import type { Acquired, CallBounds, EmitterClient } from '../client';

/** Scenario (ii): acquires several targets (1 to 1,000) as one event. A request id makes it safe to repeat. */
export function several(
  client: EmitterClient,
  targets: readonly NewTarget[],
  options: CallBounds & { readonly requestId?: string } = {},
): Promise<Acquired> {
  const { requestId, ...bounds } = options;
  return client.acquire({ targets, ...(requestId === undefined ? {} : { requestId }) }, bounds);
}
