import { setTimeout as sleep } from 'node:timers/promises';
import { toEmitterError, type EmitterError, type ErrorCode } from '@emitter/kit';
import type { CallBounds, EmitterClient } from '../client';
import type { Random } from '../random';

/** How hard to try. */
export interface RepeatOptions {
  /** At least one; after a failure the next one is asked. */
  readonly clients: readonly EmitterClient[];
  /** Which of them comes first; counts round. Default: 0. */
  readonly first?: number;
  /** How long one attempt may take, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** Gives up between attempts and ends the one under way; the outcome is then unknown. */
  readonly signal?: AbortSignal;
  /** Attempts before giving up. Default: no bound but the signal's. */
  readonly maxAttempts?: number;
  /** Spreads the waits between attempts. */
  readonly random: Random;
  /** Hears of each failed attempt that will be followed by another. */
  readonly onRetry?: (error: EmitterError, waitMs: number) => void;
}

/** How a call ended. */
export type Repeated<T> =
  | { readonly outcome: 'answered'; readonly answer: T; readonly attempts: number }
  /** The service said no and will say it again. */
  | { readonly outcome: 'refused'; readonly error: EmitterError; readonly attempts: number }
  /** Given up without an answer. */
  | { readonly outcome: 'unknown'; readonly error: EmitterError; readonly attempts: number };

/** Codes after which the same call can never succeed. After any other one it may, and is repeated. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'INVALID_ARGUMENT',
  'PAGE_TOKEN_INVALID',
  'REQUEST_ID_CONFLICT',
  'CONFIG_INVALID',
]);

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 1_000;

/** Makes a call that is safe to repeat, again and again, until it has an answer. Rejects only without a client. */
export async function repeat<T>(
  call: (client: EmitterClient, bounds: CallBounds) => Promise<T>,
  options: RepeatOptions,
): Promise<Repeated<T>> {
  const { clients, first = 0, timeoutMs = 5_000, signal, maxAttempts = Infinity, random, onRetry } = options;
  const bounds = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  for (let attempts = 1; ; attempts++) {
    const client = clients[(first + attempts - 1) % clients.length];
    if (client === undefined) {
      throw new RangeError('a call needs at least one client');
    }
    let error: EmitterError;
    try {
      return { outcome: 'answered', answer: await call(client, bounds), attempts };
    } catch (thrown) {
      error = toEmitterError(thrown);
    }
    if (FINAL.has(error.code)) {
      return { outcome: 'refused', error, attempts };
    }
    if (attempts >= maxAttempts || signal?.aborted === true) {
      return { outcome: 'unknown', error, attempts };
    }
    const waitMs = waitBefore(attempts, error, random);
    onRetry?.(error, waitMs);
    try {
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      return { outcome: 'unknown', error, attempts };
    }
  }
}

/** Doubles from 25 ms to a second, or what the service asked for when that is longer; half of it is chance. */
function waitBefore(attempts: number, error: EmitterError, random: Random): number {
  const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10));
  const asked = Math.min(LONGEST_WAIT_MS, error.details.retryAfterMs ?? 0);
  return Math.max(asked, doubled) * (0.5 + random.next() / 2);
}
