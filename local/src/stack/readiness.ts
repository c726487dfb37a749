import { setTimeout as sleep } from 'node:timers/promises';
import { callUnary, connect, EmitterError, toEmitterError } from '@emitter/kit';
import {
  DeathstarClient,
  DeathstarService,
  DestroyerClient,
  DestroyerService,
  type CheckReadinessResponse,
} from '@emitter/proto';
import type { ServiceKind } from './programs';

/** Asks a service once whether it is ready. */
export async function askReadiness(
  kind: ServiceKind,
  address: string,
  timeoutMs = 1_000,
): Promise<CheckReadinessResponse> {
  if (kind === 'destroyer') {
    const client = connect(DestroyerClient, address);
    return callUnary(client, DestroyerService.checkReadiness, {}, { timeoutMs }).finally(() => client.close());
  }
  const client = connect(DeathstarClient, address);
  return callUnary(client, DeathstarService.checkReadiness, {}, { timeoutMs }).finally(() => client.close());
}

/** What it waits for and how long. */
export interface ReadinessWait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a service says that it is ready.
 * @throws EmitterError UNAVAILABLE, saying what is not ready and why, when the time is over
 */
export async function untilReady(
  kind: ServiceKind,
  address: string,
  { timeoutMs, signal }: ReadinessWait,
): Promise<void> {
  let why = 'it has not answered';
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    try {
      const { ready, reason, dependencies } = await askReadiness(kind, address);
      if (ready) {
        return;
      }
      const failing = dependencies
        .filter((each) => each.lastError !== '')
        .map((each) => `${each.name}: ${each.lastError}`);
      why = [reason, ...failing].filter((part) => part !== '').join('; ');
    } catch (error) {
      why = toEmitterError(error).message;
    }
    await sleep(50, undefined, { signal });
  }
  throw new EmitterError('UNAVAILABLE', `${kind} at ${address} is not ready after ${timeoutMs / 1_000} s: ${why}`);
}
