import { setMaxListeners } from 'node:events';
import type { EmitterError } from '@emitter/kit';
import { ulidOf } from '@emitter/proto';
import type { EmitterClient } from '../client';
import { settle, type Settled } from '../repeat';
import { randomTargets, type Random } from '../random';

/** Where random events go, and how often. */
export interface EmissionOptions {
  readonly clients: readonly EmitterClient[];
  /** Milliseconds between two events. */
  readonly everyMs: number;
  readonly random: Random;
  /** Events without an answer yet, at most; while there are so many, no new one is begun. */
  readonly maxUnderWay: number;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The clock that event ids are made from, milliseconds since 1970. */
  readonly now: () => number;
  /** Hears how each event ended. */
  readonly onSettled: (settled: Settled, eventId: string) => void;
  /** Hears of each attempt that failed and will be repeated. */
  readonly onRetry: (error: EmitterError) => void;
  /** Hears of each turn that was left out because too many events were under way. */
  readonly onSkipped: () => void;
}

/** Events going out, one for each turn of the clock. */
export interface Emission {
  /** Begins no new event; those under way go on. */
  stop(): void;
  /** Resolves once nothing is under way. */
  drained(): Promise<void>;
  /** Gives up what is under way; its outcome stays unknown. */
  abandon(): void;
  /** Events without an answer yet. */
  underWay(): number;
}

/**
 * Emits a random event with a random criticality every so many milliseconds until stopped. An event whose answer
 * was lost is repeated under its own id until it is known, however long the service is away; turns meanwhile are
 * left out rather than made up for in a burst.
 */
export function startEmission(options: EmissionOptions): Emission {
  const { clients, random, timeoutMs, onRetry } = options;
  const nextTarget = randomTargets(random);
  const abandoned = new AbortController();
  setMaxListeners(0, abandoned.signal); // every event listens
  const underWay = new Set<Promise<void>>();
  let turns = 0;

  async function emit(first: number): Promise<void> {
    const requestId = ulidOf(options.now(), random.bytes(10));
    const settled = await settle(
      { requestId, targets: [nextTarget()] },
      { clients, first, timeoutMs, random, signal: abandoned.signal, onRetry },
    );
    options.onSettled(settled, requestId);
  }

  function turn(): void {
    if (underWay.size >= options.maxUnderWay) {
      options.onSkipped();
      return;
    }
    const event = emit(turns++).finally(() => underWay.delete(event));
    underWay.add(event);
  }

  turn();
  const timer = setInterval(turn, options.everyMs);
  return {
    stop: () => clearInterval(timer),
    drained: async () => {
      await Promise.all(underWay);
    },
    abandon: () => abandoned.abort(),
    underWay: () => underWay.size,
  };
}
