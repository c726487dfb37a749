import type { RecordedEvent } from '@emitter/event-log';

/** Why an event could not be projected. Stable: they are stored, counted and shown. */
export type FailureReason = keyof typeof failureReasons;

/** Every reason, and whether another attempt may end differently. */
export const failureReasons = {
  /** The payload is not a valid event. A newer version of the service may be able to read it. */
  PAYLOAD_INVALID: { retry: true },
  /** The time inside the event's id is so far off that no partition is made for it. */
  TIME_OUT_OF_RANGE: { retry: true },
  /** The database refused the event's data. */
  REFUSED_BY_DATABASE: { retry: true },
  /** The id was used before, for other targets. The first ones stay. */
  REQUEST_ID_CONFLICT: { retry: false },
} as const satisfies Record<string, { readonly retry: boolean }>;

/** An attempt that failed because of the event itself. */
export interface Failure {
  readonly event: RecordedEvent;
  readonly reason: FailureReason;
  /** For a person who looks at the failed event. It may quote the event, so it is stored beside it and not logged. */
  readonly error: string;
}

/** What becomes of an event after a failure. */
export type Verdict = { readonly state: 'parked' } | { readonly state: 'retrying'; readonly retryInMs: number };

/** How often and how soon events are tried again. */
export interface RetryPolicy {
  /** Attempts before an event is parked, the first one included. */
  readonly maxAttempts: number;
  /** How long after the first failure the second attempt is made, in milliseconds. Each later wait is four times as long. */
  readonly firstRetryMs: number;
}

const GROWTH = 4;
const LONGEST_WAIT_MS = 60 * 60 * 1_000;

/** What becomes of an event that has failed this often, now for this reason. */
export function verdict(reason: FailureReason, attempts: number, policy: RetryPolicy): Verdict {
  if (!failureReasons[reason].retry || attempts >= policy.maxAttempts) {
    return { state: 'parked' };
  }
  const wait = policy.firstRetryMs * GROWTH ** (attempts - 1);
  return { state: 'retrying', retryInMs: Math.min(wait, LONGEST_WAIT_MS) };
}
