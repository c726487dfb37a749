import { probe, sayWhy } from './probe';

it('says up, and how long it took', async () => {
  const status = await probe(() => new Promise((resolve) => setTimeout(resolve, 20)), 1_000);
  expect(status.up).toBe(true);
  expect(status.latencyMs).toBeGreaterThanOrEqual(15);
  expect(status.error).toBeUndefined();
});

it('says down and why when the work fails, also before its promise is there', async () => {
  expect(await probe(() => Promise.reject(new Error('connection refused')), 1_000)).toMatchObject({
    up: false,
    error: 'connection refused',
  });
  const thrown = probe(() => {
    throw new Error('no such host');
  }, 1_000);
  expect(await thrown).toMatchObject({ up: false, error: 'no such host' });
});

it('says down past the deadline and aborts the signal', async () => {
  let given: AbortSignal | undefined;
  const status = await probe((signal) => {
    given = signal;
    return new Promise(() => undefined);
  }, 20);
  expect(status).toMatchObject({ up: false, error: 'no answer within 20 ms' });
  expect(given?.aborted).toBe(true);
});

it('makes one line of any error', () => {
  expect(sayWhy(new AggregateError([new Error('connect ECONNREFUSED ::1:5432'), new Error('b')]))).toBe(
    'connect ECONNREFUSED ::1:5432',
  );
  expect(sayWhy(new AggregateError([], 'all failed'))).toBe('all failed');
  expect(sayWhy(new Error('first\nsecond'))).toBe('first');
  expect(sayWhy(new TypeError())).toBe('TypeError');
  expect(sayWhy('text')).toBe('text');
  expect(sayWhy(new Error('x'.repeat(1_000)))).toHaveLength(256);
});
