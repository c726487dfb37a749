import type { Metrics } from '@emitter/kit';
import type { AppendObserver } from './publish';

/** Measures appends. `waiting` tells how many events wait for the next one. */
export function appendMetrics(metrics: Pick<Metrics, 'gauge' | 'histogram'>, waiting: () => number): AppendObserver {
  const seconds = metrics.histogram({
    name: 'emitter_event_log_append_duration_seconds',
    help: 'How long an append to the event log took, in seconds: of all the events in it.',
    labelNames: ['outcome'],
  });
  const sizes = metrics.histogram({
    name: 'emitter_event_log_append_size_events',
    help: 'How many events went in one append.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  });
  metrics.gauge({
    name: 'emitter_event_log_waiting_events',
    help: 'How many events wait for the append after the one under way.',
    collect: (gauge) => gauge.set(waiting()),
  });
  const outcomes = { ok: seconds.labels('ok'), failed: seconds.labels('failed') };
  return ({ events, seconds: took, failed }) => {
    outcomes[failed ? 'failed' : 'ok'].observe(took);
    sizes.observe(events);
  };
}
