import fc from 'fast-check';
import { monthOf, runsOf, startOfMonth } from './month';

describe('a month', () => {
  it('begins at midnight UTC of its first day', () => {
    expect(startOfMonth(monthOf(Date.UTC(2026, 10, 20, 23, 59)))).toEqual(new Date(Date.UTC(2026, 10, 1)));
    expect(monthOf(Date.UTC(2027, 0, 1)) - monthOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe(1);
  });

  it('holds every time from its begin to the next one’s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (time) => {
        const month = monthOf(time);
        expect(startOfMonth(month).getTime()).toBeLessThanOrEqual(time);
        expect(startOfMonth(month + 1).getTime()).toBeGreaterThan(time);
      }),
    );
  });

  it('makes runs with those beside it', () => {
    expect(runsOf([])).toEqual([]);
    expect(runsOf([7, 3, 4, 3, 9])).toEqual([
      [3, 4],
      [7, 7],
      [9, 9],
    ]);
  });
});
