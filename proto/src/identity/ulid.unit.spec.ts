import * as fc from 'fast-check';
import { decodeTime, isValid, uuidToULID } from 'ulid';
import { isUlid, lowestUlid, newUlid, ulidOf, ulidTime } from './ulid';

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const bits = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('ULIDs', () => {
  it('are those of the ulid package', () => {
    fc.assert(
      fc.property(times, bits, (time, random) => {
        const hex = time.toString(16).padStart(12, '0') + Buffer.from(random).toString('hex');
        const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
        expect(ulidOf(time, random)).toBe(uuidToULID(uuid));
      }),
    );
  });

  it('give their time back', () => {
    fc.assert(
      fc.property(times, bits, (time, random) => {
        const ulid = ulidOf(time, random);
        expect(isUlid(ulid)).toBe(true);
        expect(isValid(ulid)).toBe(true);
        expect(ulidTime(ulid)).toBe(time);
        expect(decodeTime(ulid)).toBe(time);
      }),
    );
  });

  it('sort as text by time, and none of a time is below the lowest', () => {
    fc.assert(
      fc.property(times, bits, times, bits, (timeA, a, timeB, b) => {
        fc.pre(timeA < timeB);
        expect(ulidOf(timeA, a) < ulidOf(timeB, b)).toBe(true);
        expect(lowestUlid(timeA) <= ulidOf(timeA, a)).toBe(true);
        expect(ulidOf(timeA, a) < lowestUlid(timeB)).toBe(true);
      }),
    );
  });

  it('are new each time', () => {
    const made = new Set(Array.from({ length: 1_000 }, () => newUlid(1)));
    expect(made.size).toBe(1_000);
  });

  it.each(['', 'x', '01JD', '81JD0000000000000000000000', '01jd0000000000000000000000', '01JD000000000000000000000U'])(
    'are not %j',
    (text) => {
      expect(isUlid(text)).toBe(false);
    },
  );

  it.each([-1, 0.5, 2 ** 48])('have no time %d', (time) => {
    expect(() => lowestUlid(time)).toThrow(RangeError);
  });
});
