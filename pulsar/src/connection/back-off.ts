/** Waiting times that double from `firstMs` to `maxMs`, each shortened at random by up to half, so that clients spread. */
export class BackOff {
  private next: number;

  constructor(
    private readonly firstMs = 100,
    private readonly maxMs = 3_000,
    private readonly random: () => number = Math.random,
  ) {
    this.next = firstMs;
  }

  /** Milliseconds to wait before the next attempt. */
  nextDelay(): number {
    const delay = this.next * (1 - this.random() / 2);
    this.next = Math.min(this.next * 2, this.maxMs);
    return delay;
  }

  /** After a success. */
  reset(): void {
    this.next = this.firstMs;
  }
}
