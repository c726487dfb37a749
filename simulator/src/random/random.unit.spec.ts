import fc from 'fast-check';
import { bounds, textProblem } from '@emitter/proto';
import { newSeed, randomTargets, seededRandom } from '.';

describe('a seeded random source', () => {
  it('gives the same numbers for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [seededRandom(seed), seededRandom(seed)];
        expect(Array.from({ length: 20 }, () => one.next())).toEqual(Array.from({ length: 20 }, () => other.next()));
        expect(one.bytes(10)).toEqual(other.bytes(10));
      }),
    );
  });

  it('gives the numbers of mulberry32', () => {
    // From the reference in C: mulberry32 with state 1, its first three 32-bit words.
    const random = seededRandom(1);
    expect(Array.from({ length: 3 }, () => random.next() * 2 ** 32)).toEqual([2693262067, 11749833, 2265367787]);
  });

  it('stays within the bounds of a whole number and reaches both ends', () => {
    const random = seededRandom(7);
    const drawn = new Set(Array.from({ length: 2_000 }, () => random.integer(-3, 3)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  });

  it('picks every item', () => {
    const random = seededRandom(3);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('fills bytes evenly', () => {
    const seen = new Set(seededRandom(11).bytes(20_000));
    expect(seen.size).toBe(256);
  });
});

describe('random targets', () => {
  it('are within every bound and reach every criticality', () => {
    const next = randomTargets(seededRandom(5));
    const targets = Array.from({ length: 2_000 }, next);
    for (const { message, source } of targets) {
      expect(textProblem(message, bounds.message)).toBeUndefined();
      expect(textProblem(source, bounds.source)).toBeUndefined();
    }
    expect(new Set(targets.map(({ criticality }) => criticality)).size).toBe(11);
  });

  it('have messages of exactly the bytes asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_024 }), (seed, messageBytes) => {
        const { message } = randomTargets(seededRandom(seed), { messageBytes })();
        expect(Buffer.byteLength(message)).toBe(messageBytes);
      }),
    );
  });

  it.each([0, 1_025])('refuse messages of %d bytes', (messageBytes) => {
    expect(() => randomTargets(seededRandom(1), { messageBytes })).toThrow('1 to 1,024');
  });

  it('begin from a new seed when none is given', () => {
    expect(newSeed()).toBeGreaterThanOrEqual(0);
  });
});
