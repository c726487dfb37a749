import type { Logger, Metrics } from '@emitter/kit';
import type { RecordedFailure } from '../failed-events';
import type { Outcome, ProjectionObserver } from './outcome';

/** Failures of one batch that are logged one by one; the rest is one line. */
const LOGGED_FAILURES = 10;

/** Logs and counts what the projection does. Of an event only its id and position are logged. */
export function createProjectionObserver(logger: Logger, metrics: Metrics): ProjectionObserver {
  const counters = createCounters(metrics);
  let retriesWork = true;

  function count(outcome: Outcome): void {
    counters.targetsStored.inc(outcome.storedTargets);
    counters.duplicates.inc(outcome.duplicates);
    counters.expired.inc(outcome.expired);
    for (const { reason, verdict } of outcome.failures) {
      counters.failed.inc({ reason });
      if (verdict.state === 'parked') {
        counters.parked.inc({ reason });
      }
    }
    logFailures(logger, outcome.failures);
  }

  return {
    batchCommitted(outcome, events, durationMs) {
      counters.batchDuration.observe(durationMs / 1_000);
      counters.batchEvents.observe(events);
      count(outcome);
      const { storedTargets, duplicates, expired } = outcome;
      logger.debug({ events, storedTargets, duplicates, expired, durationMs }, 'batch projected');
    },

    retryCommitted(outcome) {
      retriesWork = true;
      count(outcome);
    },

    retriesFailed(err) {
      // Rounds follow each other closely; while they fail, one line is enough.
      logger[retriesWork ? 'warn' : 'debug']({ err }, 'failed events cannot be tried again at the moment');
      retriesWork = false;
    },

    subscriptionFailed(err) {
      logger.warn({ err }, 'the projection waits and goes on');
    },
  };
}

function logFailures(logger: Logger, failures: readonly RecordedFailure[]): void {
  for (const { event, reason, verdict } of failures.slice(0, LOGGED_FAILURES)) {
    const what = verdict.state === 'parked' ? 'event parked' : 'event failed, to be tried again';
    logger.warn({ eventId: event.id.slice(0, 64), position: event.position, reason }, what);
  }
  if (failures.length > LOGGED_FAILURES) {
    logger.warn({ events: failures.length - LOGGED_FAILURES }, 'more events of the same batch failed');
  }
}

function createCounters(metrics: Metrics) {
  return {
    targetsStored: metrics.counter({ name: 'emitter_targets_stored_total', help: 'Targets stored in the read model.' }),
    duplicates: metrics.counter({
      name: 'emitter_events_duplicate_total',
      help: 'Events that came again and were stored already.',
    }),
    expired: metrics.counter({
      name: 'emitter_events_expired_total',
      help: 'Events passed over because they were older than retention.',
    }),
    failed: metrics.counter({
      name: 'emitter_events_failed_total',
      help: 'Attempts to project an event that failed because of the event.',
      labelNames: ['reason'],
    }),
    parked: metrics.counter({
      name: 'emitter_events_parked_total',
      help: 'Events set aside after their last attempt, for a person to look at.',
      labelNames: ['reason'],
    }),
    batchDuration: metrics.histogram({
      name: 'emitter_projection_batch_duration_seconds',
      help: 'Time from a batch to its commit, in seconds.',
    }),
    batchEvents: metrics.histogram({
      name: 'emitter_projection_batch_events',
      help: 'Events in a batch.',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500],
    }),
  };
}
