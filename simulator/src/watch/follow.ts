import { setTimeout as sleep } from 'node:timers/promises';
import { toEmitterError, type EmitterError } from '@emitter/kit';
import type { Target, WatchTargetsResponse } from '@emitter/proto';
import type { EmitterClient, WatchQuery } from '../client';

/** What to follow, and who hears of it. */
export interface FollowOptions extends WatchQuery {
  /** One for each address: after a failure the next one is asked. */
  readonly clients: readonly EmitterClient[];
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears of every batch; what it returns is waited for, so a slow listener slows the stream. */
  readonly onTargets: (targets: readonly Target[], cursor: string) => void | Promise<void>;
  /** Once the first watch has begun: from here on nothing is missed. */
  readonly onBegun?: () => void;
  /** Hears of each failure that will be followed by another try. */
  readonly onRetry?: (error: EmitterError) => void;
}

const WAIT_MS = 100;
const FINAL = new Set(['INVALID_ARGUMENT', 'PAGE_TOKEN_INVALID']);

/**
 * Follows what becomes visible across broken streams and restarted servers: goes on from the last cursor, at
 * least once. Resolves when the signal ends it.
 * @throws EmitterError when the filter or the cursor is refused, and whatever the listener throws
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { clients, signal, filter } = options;
  let { cursor } = options;
  let begun = false;
  const isOver = (): boolean => signal.aborted;

  async function take(message: WatchTargetsResponse): Promise<void> {
    if (!begun) {
      begun = true;
      options.onBegun?.();
    }
    if (message.targets.length > 0) {
      try {
        await options.onTargets(message.targets, message.cursor);
      } catch (thrown) {
        throw new ListenerFailure(thrown);
      }
    }
    cursor = message.cursor;
  }

  for (let round = 0; !isOver(); round++) {
    const client = clients[round % clients.length];
    if (client === undefined) {
      throw new RangeError('follow needs at least one client');
    }
    const query = { ...(filter === undefined ? {} : { filter }), ...(cursor === undefined ? {} : { cursor }) };
    try {
      for await (const message of client.watch(query, { signal })) {
        await take(message);
      }
    } catch (thrown) {
      if (thrown instanceof ListenerFailure) {
        throw thrown.thrown;
      }
      const error = toEmitterError(thrown);
      if (isOver()) {
        return;
      }
      if (FINAL.has(error.code)) {
        throw error;
      }
      options.onRetry?.(error);
    }
    await sleep(WAIT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Tells what the listener threw from what the stream did. */
class ListenerFailure extends Error {
  constructor(readonly thrown: unknown) {
    super('the listener failed');
  }
}
