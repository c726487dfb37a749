import type { Logger, Metrics } from '@emitter/kit';
import type { EmissionOptions } from './emission';

/** What was emitted so far. */
export interface Totals {
  readonly acknowledged: number;
  /** Refused for good. */
  readonly refused: number;
  /** Given up without an answer. */
  readonly unknown: number;
  /** Attempts beyond the first ones. */
  readonly retries: number;
  /** Turns left out because too many events had no answer. */
  readonly skipped: number;
}

/** Counts what an emission does, in metrics and in the log. */
export interface Tally {
  readonly listeners: Pick<EmissionOptions, 'onSettled' | 'onRetry' | 'onSkipped'>;
  totals(): Totals;
}

/** Begins at zero. Says once in the log that answers are missing, and once that they are back. */
export function createTally(metrics: Metrics, logger: Logger): Tally {
  const events = metrics.counter({
    name: 'emitter_simulator_events_total',
    help: 'Events emitted, by how they ended.',
    labelNames: ['outcome'],
  });
  const retries = metrics.counter({
    name: 'emitter_simulator_retries_total',
    help: 'Attempts repeated under the same request id.',
  });
  const skipped = metrics.counter({
    name: 'emitter_simulator_skipped_total',
    help: 'Turns left out because too many events had no answer.',
  });
  const counts = { acknowledged: 0, refused: 0, unknown: 0, retries: 0, skipped: 0 };
  let away = false;

  return {
    listeners: {
      onSettled: (settled, eventId) => {
        counts[settled.outcome]++;
        events.inc({ outcome: settled.outcome });
        const fields = { event_id: eventId, attempts: settled.attempts };
        if (settled.outcome === 'acknowledged') {
          if (away) {
            away = false;
            logger.info({ totals: counts }, 'answers are back');
          }
          logger.debug(fields, 'acknowledged');
        } else {
          logger.warn({ ...fields, err: settled.error }, settled.outcome);
        }
      },
      onRetry: (error) => {
        counts.retries++;
        retries.inc();
        if (!away) {
          away = true;
          logger.warn({ err: error }, 'no answer; repeating until there is one');
        }
      },
      onSkipped: () => {
        counts.skipped++;
        skipped.inc();
      },
    },
    totals: () => ({ ...counts }),
  };
}
