import fc from 'fast-check';
import { fromDuration, toDuration } from './duration';

it('keeps microseconds', () => {
  expect(toDuration(1_500.25)).toEqual({ seconds: 1n, nanos: 500_250_000 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => {
      expect(fromDuration(toDuration(micros / 1_000))).toBeCloseTo(micros / 1_000, 3);
    }),
  );
});
