/** Pauses between tries: each twice as long as the one before, up to a bound, and jittered so that many do not try at once. */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random - from 0 up to 1, as Math.random */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long to wait now, in milliseconds: half to the whole of 50, 100, 200 … 5,000. */
  next(): number {
    const whole = Math.min(5_000, 50 * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return whole / 2 + (whole / 2) * this.#random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
