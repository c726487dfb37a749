import * as fc from 'fast-check';
import { contentHash, isUlid, newUlid, targetId, ulidTime } from '.';

const EVENT = '01JD0000000000000000000000';

describe("a target's id", () => {
  it('is fixed for ever: stored ids must be found again by a retry', () => {
    expect(targetId(EVENT, 0)).toBe('01JD00000071KKBXEC77XZMN67');
    expect(targetId(EVENT, 1)).toBe('01JD000000961JKNQQ62AX8EXT');
  });

  it("has the event's time and is another one for every place", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (time) => {
        const event = newUlid(time);
        const ids = Array.from({ length: 100 }, (_, place) => targetId(event, place));
        expect(new Set(ids).size).toBe(100);
        expect(ids.every((id) => isUlid(id) && ulidTime(id) === time)).toBe(true);
      }),
    );
  });
});

describe('the content hash', () => {
  const target = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

  it('is fixed for ever: a retry after an upgrade must not become a conflict', () => {
    expect(contentHash([target]).toString('hex')).toBe(
      '7ee58a790c6fb278d2efc7715523cdf55a4b42fc2187dfab656b502509ae8acb',
    );
  });

  it('tells any other content apart, also where the texts run together', () => {
    const others = [
      [{ ...target, message: 'a rebel base ' }],
      [{ ...target, criticality: 8 }],
      [{ ...target, source: '' }],
      [target, target],
      [{ message: 'a rebel base"', criticality: 7, source: 'probe-12' }],
    ];
    const hashes = new Set([[target], ...others].map((targets) => contentHash(targets).toString('hex')));
    expect(hashes.size).toBe(others.length + 1);
  });

  it('does not hear of ids', () => {
    const identified = { ...target, id: EVENT };
    expect(contentHash([identified])).toEqual(contentHash([target]));
  });
});
