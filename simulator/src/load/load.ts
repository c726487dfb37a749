import { setMaxListeners } from 'node:events';
import type { EmitterError } from '@emitter/kit';
import { ulidOf } from '@emitter/proto';
import type { Acquired, EmitterClient } from '../client';
import { randomTargets, seededRandom } from '../random';
import type { SentRequest } from '../oracle';
import { createLatencyRecorder, type LatencySummary } from './latency';
import { createPace } from './pace';
import { settle } from '../repeat';

/** What to send, how fast, until when. One of `count`, `durationMs` and `signal` must end it. */
export interface LoadOptions {
  /** One for each address; calls go round, and a failed attempt moves on to the next. */
  readonly clients: readonly EmitterClient[];
  /** Calls under way at once, at most. */
  readonly concurrency: number;
  /** Fixes targets and ids (but for the time in them). */
  readonly seed: number;
  /** Stop after so many calls. */
  readonly count?: number;
  /** Begin no call after so many milliseconds. */
  readonly durationMs?: number;
  /** Begin no call once it is aborted. */
  readonly signal?: AbortSignal;
  /** Targets in each call: 1 to 1,000. Default: 1. */
  readonly targetsPerCall?: number;
  /** ASCII characters in each message: 1 to 1,024. Default: a short sentence. */
  readonly messageBytes?: number;
  /**
   * Calls begun each second. A latency then counts from when its call was due, so that a service that stands
   * still is charged for the calls that had to wait. Default: as fast as the answers come.
   */
  readonly rate?: number;
  /** How long one attempt may take, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** How long calls with an unknown outcome are repeated after the end, in milliseconds. Default: 30,000. */
  readonly settleMs?: number;
  /** Before a request is first sent, with the time that its latency counts from (`performance.now()`). */
  readonly onSent?: (request: SentRequest, sinceMs: number) => void;
  /** When a request was answered with OK. */
  readonly onAcknowledged?: (request: SentRequest, acquired: Acquired, latencyMs: number) => void;
  /** When an attempt failed that will be repeated. */
  readonly onRetry?: (error: EmitterError) => void;
  /** When a request was refused for good, or given up without an answer. */
  readonly onFailed?: (request: SentRequest, error: EmitterError, outcome: 'refused' | 'unknown') => void;
  /** The clock that request ids are made from, milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** What came of a load. */
export interface LoadReport {
  readonly seed: number;
  /** Calls begun; each is in exactly one of the next three. */
  readonly calls: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Given up without an answer. */
  readonly unknown: number;
  /** Attempts beyond the first ones. */
  readonly retries: number;
  readonly targetsAcknowledged: number;
  /** From the first call to the last answer, in milliseconds. */
  readonly elapsedMs: number;
  /** Acknowledged calls each second. */
  readonly callsPerSecond: number;
  /** From a call's start (or when it was due) to its OK, repeats included. */
  readonly latency: LatencySummary;
  /** The last error of any attempt, for a person. */
  readonly lastError?: EmitterError;
}

/**
 * Sends random targets from `concurrency` workers and repeats each request until its outcome is known. Resolves
 * when every call has ended; rejects only on a mistake in the options.
 */
export async function load(options: LoadOptions): Promise<LoadReport> {
  const { clients, concurrency, seed, targetsPerCall = 1, messageBytes, settleMs = 30_000, now = Date.now } = options;
  if (clients.length === 0 || !Number.isInteger(concurrency) || concurrency < 1 || targetsPerCall < 1) {
    throw new RangeError('a load needs a client, a concurrency and a number of targets of at least 1');
  }
  const random = seededRandom(seed);
  const nextTarget = randomTargets(random, messageBytes === undefined ? {} : { messageBytes });
  const latency = createLatencyRecorder();
  const tally = { calls: 0, acknowledged: 0, refused: 0, unknown: 0, retries: 0 };
  let lastError: EmitterError | undefined;

  const started = performance.now();
  const pace = createPace(options, started);
  // The end of new calls gives those under way a bounded time to become known.
  const givenUp = new AbortController();
  setMaxListeners(0, givenUp.signal); // every call listens

  async function worker(): Promise<void> {
    for (let due = await pace.next(); due !== undefined; due = await pace.next()) {
      const request: SentRequest = {
        requestId: ulidOf(now(), random.bytes(10)),
        targets: Array.from({ length: targetsPerCall }, nextTarget),
      };
      const first = tally.calls++;
      options.onSent?.(request, due);
      const settled = await settle(request, {
        clients,
        first,
        random,
        signal: givenUp.signal,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        onRetry: (error) => {
          lastError = error;
          options.onRetry?.(error);
        },
      });
      tally[settled.outcome]++;
      tally.retries += settled.attempts - 1;
      if (settled.outcome === 'acknowledged') {
        const latencyMs = performance.now() - due;
        latency.record(latencyMs);
        options.onAcknowledged?.(request, settled.acquired, latencyMs);
      } else {
        lastError = settled.error;
        options.onFailed?.(request, settled.error, settled.outcome);
      }
    }
  }

  let giveUp: NodeJS.Timeout | undefined;
  let over = false;
  void pace.ended.then(() => {
    // Heard of also when the end of the workers is what stops the pace: then there is nothing to wait for.
    if (!over) {
      giveUp = setTimeout(() => givenUp.abort(), settleMs);
    }
  });
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    over = true;
    pace.stop();
    clearTimeout(giveUp);
  }
  const elapsedMs = performance.now() - started;
  return {
    seed,
    ...tally,
    targetsAcknowledged: tally.acknowledged * targetsPerCall,
    elapsedMs,
    callsPerSecond: (tally.acknowledged * 1_000) / elapsedMs,
    latency: latency.summary(),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
