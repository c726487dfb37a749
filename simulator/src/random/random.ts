/** A source of numbers that a seed fixes, so that a run can be repeated. Not for secrets. */
export interface Random {
  /** A number in [0, 1), with 32 bits of it random. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** That many bytes. */
  bytes(count: number): Uint8Array;
}

/**
 * Numbers from a seed (its lower 32 bits count). The generator is mulberry32 by Tommy Ettinger, public domain:
 * one multiply-and-shift round for each number, which keeps the load generator's own cost small.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function word(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const next = (): number => word() / 2 ** 32;
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 0xff),
  };
}
