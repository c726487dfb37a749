import type { NewTarget } from '@emitter/proto';
import type { Acquired, CallBounds, EmitterClient } from '../client';

/** Scenario (i): acquires one target. A request id makes it safe to repeat. */
export function individual(
  client: EmitterClient,
  target: NewTarget,
  options: CallBounds & { readonly requestId?: string } = {},
): Promise<Acquired> {
  const { requestId, ...bounds } = options;
  return client.acquire({ targets: [target], ...(requestId === undefined ? {} : { requestId }) }, bounds);
}
