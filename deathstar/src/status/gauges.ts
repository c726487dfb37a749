import type { Metrics } from '@emitter/kit';
import type { GetProjectionResponse } from '@emitter/proto';
import { repeat, type Repetition } from '../schedule';

/**
 * Keeps the gauges of the projection's lag and of failed events, asked for every `intervalMs` rather than with each
 * scrape, so that a scrape never waits for a database. While there is no answer they are NaN.
 */
export function startStatusGauges(
  read: () => Promise<GetProjectionResponse>,
  metrics: Metrics,
  intervalMs: number,
): Repetition {
  const lag = metrics.gauge({
    name: 'emitter_projection_lag_events',
    help: 'Events on the log that are not projected yet, over all instances.',
  });
  const failed = metrics.gauge({
    name: 'emitter_failed_events',
    help: 'Events set aside, over all instances: parked ones wait for a person, retrying ones for their next attempt.',
    labelNames: ['state'],
  });
  const set = (behind: number, parked: number, retrying: number): void => {
    lag.set(behind);
    failed.set({ state: 'parked' }, parked);
    failed.set({ state: 'retrying' }, retrying);
  };
  return repeat(async () => {
    try {
      const { lagEvents, parkedEvents, retryingEvents } = await read();
      set(Number(lagEvents), Number(parkedEvents), Number(retryingEvents));
    } catch {
      set(NaN, NaN, NaN);
    }
    return intervalMs;
  });
}
