import type { EmitterError } from '@emitter/kit';
import type { Acquired, Acquisition } from '../client';
import { repeat, type RepeatOptions } from './repeat';

/** An acquisition under a request id, so that it can be sent again. */
export type RepeatableAcquisition = Acquisition & { readonly requestId: string };

/** How an acquisition ended. */
export type Settled =
  | { readonly outcome: 'acknowledged'; readonly acquired: Acquired; readonly attempts: number }
  /** The service said no and will say it again. */
  | { readonly outcome: 'refused'; readonly error: EmitterError; readonly attempts: number }
  /** Given up without an answer: it may be stored or not. */
  | { readonly outcome: 'unknown'; readonly error: EmitterError; readonly attempts: number };

/**
 * Sends an acquisition until its outcome is known, each time under the same request id: after UNAVAILABLE, a
 * passed deadline or a broken connection nobody can say whether it was stored, and repeating it is what makes it
 * stored once. Rejects only without a client.
 */
export async function settle(acquisition: RepeatableAcquisition, options: RepeatOptions): Promise<Settled> {
  const repeated = await repeat((client, bounds) => client.acquire(acquisition, bounds), options);
  return repeated.outcome === 'answered'
    ? { outcome: 'acknowledged', acquired: repeated.answer, attempts: repeated.attempts }
    : repeated;
}
