import { createLogger, createMetrics } from '@emitter/kit';
import type { Position } from '@emitter/event-log';
import type { RecordedFailure } from '../failed-events';
import { createProjectionObserver } from './observer';
import type { Outcome } from './outcome';

const nothing: Outcome = { storedEvents: 0, storedTargets: 0, duplicates: 0, expired: 0, failures: [] };

function setUp() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ service: 'deathstar', version: '0', level: 'debug', destination });
  const metrics = createMetrics('deathstar', { processMetrics: false });
  const observer = createProjectionObserver(logger, metrics);
  const value = async (name: string, reason?: string) => {
    const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.find(({ labels }) => reason === undefined || labels.reason === reason)?.value;
  };
  return { observer, lines, value };
}

function failure(state: 'parked' | 'retrying', reason: RecordedFailure['reason'] = 'PAYLOAD_INVALID'): RecordedFailure {
  return {
    event: {
      position: '7' as Position,
      id: 'the id',
      payload: Buffer.from('the payload'),
      attributes: {},
      recordedOn: new Date(0),
    },
    reason,
    error: 'quotes the payload',
    verdict: state === 'parked' ? { state } : { state, retryInMs: 1 },
  };
}

describe('the observer', () => {
  it('counts what was committed', async () => {
    const { observer, value } = setUp();
    observer.batchCommitted({ ...nothing, storedTargets: 5, duplicates: 2, expired: 1 }, 8, 20);
    observer.retryCommitted({ ...nothing, storedTargets: 1 });
    expect(await value('emitter_targets_stored_total')).toBe(6);
    expect(await value('emitter_events_duplicate_total')).toBe(2);
    expect(await value('emitter_events_expired_total')).toBe(1);
  });

  it('counts and logs failures by their reason, without what the events hold', async () => {
    const { observer, lines, value } = setUp();
    const failures = [failure('retrying'), failure('parked'), failure('parked', 'REQUEST_ID_CONFLICT')];
    observer.batchCommitted({ ...nothing, failures }, 3, 1);
    expect(await value('emitter_events_failed_total', 'PAYLOAD_INVALID')).toBe(2);
    expect(await value('emitter_events_parked_total', 'PAYLOAD_INVALID')).toBe(1);
    expect(await value('emitter_events_parked_total', 'REQUEST_ID_CONFLICT')).toBe(1);
    const warned = lines.filter((line) => line['log.level'] === 'warn');
    expect(warned.map(({ message }) => message)).toEqual([
      'event failed, to be tried again',
      'event parked',
      'event parked',
    ]);
    expect(warned[0]).toMatchObject({ eventId: 'the id', position: '7', reason: 'PAYLOAD_INVALID' });
    expect(JSON.stringify(lines)).not.toContain('payload"');
    expect(JSON.stringify(lines)).not.toContain('quotes');
  });

  it('does not fill the log when a whole batch fails', () => {
    const { observer, lines } = setUp();
    observer.batchCommitted({ ...nothing, failures: Array.from({ length: 300 }, () => failure('parked')) }, 300, 1);
    const warned = lines.filter((line) => line['log.level'] === 'warn');
    expect(warned).toHaveLength(11);
    expect(warned.at(-1)).toMatchObject({ events: 290 });
  });

  it('says once that retries fail, until they work again', () => {
    const { observer, lines } = setUp();
    const warnings = () => lines.filter((line) => line['log.level'] === 'warn').length;
    observer.retriesFailed(new Error('down'));
    observer.retriesFailed(new Error('down'));
    expect(warnings()).toBe(1);
    observer.retryCommitted(nothing);
    observer.retriesFailed(new Error('down'));
    expect(warnings()).toBe(2);
    observer.subscriptionFailed(new Error('down'));
    expect(warnings()).toBe(3);
  });
});
