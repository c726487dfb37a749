import * as fc from 'fast-check';
import { newUlid } from '@emitter/proto';
import { everything, filterFingerprint } from '../filter';
import { seal } from '../token';
import { cursorOf, placeOf } from './cursor';
import { comparePlaces } from './place';

const print = filterFingerprint(everything);

describe('a cursor', () => {
  it('gives back its place', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.constantFrom('', newUlid(1)), (storedIn, id) => {
        expect(placeOf(cursorOf({ storedIn, id }, print), everything)).toEqual({ storedIn, id });
      }),
    );
  });

  it('is none when it is empty', () => {
    expect(placeOf('', everything)).toBeUndefined();
  });

  it.each([
    ['nonsense', 'nonsense', 'unchanged'],
    ['without a number', seal('watch/1', ['x', '', print]), 'unchanged'],
    ['without a place', seal('watch/1', ['1']), 'unchanged'],
    ['of another filter', cursorOf({ storedIn: 1n, id: '' }, 'other'), 'another filter'],
    ['that is a page token', seal('page/1', ['1', '', print]), 'unchanged'],
  ])('is refused when it is one %s', (_, cursor, problem) => {
    expect(() => placeOf(cursor, everything)).toThrow(
      expect.objectContaining({
        code: 'PAGE_TOKEN_INVALID',
        details: { violations: [{ field: 'cursor', description: expect.stringContaining(problem) as string }] },
      }) as Error,
    );
  });
});

describe('places', () => {
  it('are in the order of their transactions, then of their ids', () => {
    const places = [
      { storedIn: 9n, id: '' },
      { storedIn: 9n, id: 'a' },
      { storedIn: 9n, id: 'b' },
      { storedIn: 10n, id: '' },
    ];
    expect([...places].reverse().sort(comparePlaces)).toEqual(places);
    expect(comparePlaces({ storedIn: 9n, id: 'a' }, { storedIn: 9n, id: 'a' })).toBe(0);
  });
});
