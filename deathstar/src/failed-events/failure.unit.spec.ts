import fc from 'fast-check';
import { verdict } from './failure';

const policy = { maxAttempts: 5, firstRetryMs: 1_000 };

describe('the verdict on a failure', () => {
  it('is four times the wait, attempt by attempt, then parking', () => {
    expect([1, 2, 3, 4, 5].map((attempts) => verdict('PAYLOAD_INVALID', attempts, policy))).toEqual([
      { state: 'retrying', retryInMs: 1_000 },
      { state: 'retrying', retryInMs: 4_000 },
      { state: 'retrying', retryInMs: 16_000 },
      { state: 'retrying', retryInMs: 64_000 },
      { state: 'parked' },
    ]);
  });

  it('is parking at once for a conflict, which no attempt mends', () => {
    expect(verdict('REQUEST_ID_CONFLICT', 1, policy)).toEqual({ state: 'parked' });
  });

  it('never waits more than an hour, and fits the database’s integer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 3_600_000 }), (attempts, firstRetryMs) => {
        const next = verdict('REFUSED_BY_DATABASE', attempts, { maxAttempts: 100, firstRetryMs });
        expect(next.state).toBe('retrying');
        expect(next.state === 'retrying' ? next.retryInMs : -1).toBeGreaterThanOrEqual(0);
        expect(next.state === 'retrying' ? next.retryInMs : Infinity).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});
