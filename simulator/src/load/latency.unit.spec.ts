import fc from 'fast-check';
import { createLatencyRecorder } from './latency';

describe('a latency recorder', () => {
  it('is all zeros before anything was recorded', () => {
    expect(createLatencyRecorder().summary()).toEqual({ count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 });
  });

  it('agrees with the sorted list to three digits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const recorder = createLatencyRecorder();
        values.forEach((microseconds) => recorder.record(microseconds / 1_000));
        const sorted = [...values].sort((a, b) => a - b);
        // HDR's own reading of a rank: the nearest one, not the next.
        const rank = (percent: number) =>
          (sorted[Math.max(1, Math.floor((percent / 100) * sorted.length + 0.5)) - 1] ?? 0) / 1_000;
        const { count, p50Ms, p90Ms, p99Ms, maxMs } = recorder.summary();
        expect(count).toBe(values.length);
        for (const [found, expected] of [
          [p50Ms, rank(50)],
          [p90Ms, rank(90)],
          [p99Ms, rank(99)],
          [maxMs, rank(100)],
        ] as const) {
          expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected / 1_000 + 0.001);
        }
      }),
    );
  });

  it('takes what is outside its range as the nearest it has', () => {
    const recorder = createLatencyRecorder();
    recorder.record(0);
    recorder.record(-1);
    recorder.record(1e12);
    expect(recorder.summary().count).toBe(3);
    expect(recorder.summary().maxMs).toBeGreaterThan(3_590_000);
  });
});
