import type { Logger } from '@emitter/kit';
import type { Totals } from './tally';

/** What to tell, and how often. */
export interface ProgressOptions {
  /** Milliseconds between two lines. */
  readonly everyMs: number;
  readonly totals: () => Totals;
  /** Events without an answer yet. */
  readonly waiting: () => number;
  readonly logger: Logger;
}

/** Logs the counts every so often, unless they are the same as in the line before. Returns what ends that. */
export function startProgress({ everyMs, totals, waiting, logger }: ProgressOptions): () => void {
  let before = '';
  const timer = setInterval(() => {
    const { acknowledged, refused, unknown, retries, skipped } = totals();
    const now = waiting();
    const emitted = acknowledged + refused + unknown + now;
    const counts = { emitted, acknowledged, waiting: now, refused, unknown, retries, skipped };
    const text = JSON.stringify(counts);
    if (text !== before) {
      before = text;
      logger.info(counts, 'emitted so far');
    }
  }, everyMs);
  return () => clearInterval(timer);
}
