import type { RecordedFailure } from '../failed-events';
import type { StoreResult } from './store';

/** What came of a batch, or of a retry, once it is committed. */
export interface Outcome extends Omit<StoreResult, 'failures'> {
  /** Failures that were not known before. */
  readonly failures: readonly RecordedFailure[];
  /** Events older than retention, which were passed over. */
  readonly expired: number;
}

/** Hears of the projection's work, for logs and metrics. */
export interface ProjectionObserver {
  batchCommitted(outcome: Outcome, events: number, durationMs: number): void;
  retryCommitted(outcome: Outcome): void;
  /** A round of retries ended early, through no fault of an event. */
  retriesFailed(error: unknown): void;
  /** The subscription met a failure that it gets over by itself. */
  subscriptionFailed(error: unknown): void;
}
