/** A sleep that can be ended early, also just before it begins. */
export class Pause {
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #resolve: (() => void) | undefined;

  /** Resolves after so many milliseconds, or at once when `end` was called since the last pause. */
  begin(ms: number): Promise<void> {
    if (this.#ended) {
      this.#ended = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = setTimeout(() => this.#finish(), ms);
    });
  }

  end(): void {
    if (this.#resolve === undefined) {
      this.#ended = true;
    } else {
      this.#finish();
    }
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#resolve?.();
    this.#resolve = undefined;
  }
}

/** The length of the nth pause (from 1) of a row that doubles from min up to max, in milliseconds. */
export function growing({ min, max }: { min: number; max: number }, nth: number): number {
  return Math.min(max, min * 2 ** Math.min(nth - 1, 30));
}
