/** Wakes one waiter. A ring that nobody waits for is kept until somebody does. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Forgets earlier rings. Do it before looking for what a ring announces, never after. */
  reset(): void {
    this.#rung = false;
  }

  /** Resolves at the next ring, or after the time (ms). */
  async heard(timeoutMs: number): Promise<void> {
    if (this.#rung) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
