/** Those who wait for the feed to move on. */
export class Waiting {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next `wake`; rejects with the reason of a signal that aborts first. */
  next(signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(settle);
        for (const signal of signals) {
          signal.removeEventListener('abort', settle);
        }
        const aborted = signals.find((signal) => signal.aborted);
        if (aborted === undefined) {
          resolve();
        } else {
          // The reason is an EmitterError: the context's signals say so.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(aborted.reason);
        }
      };
      this.#waiting.add(settle);
      for (const signal of signals) {
        signal.addEventListener('abort', settle);
      }
      if (signals.some((signal) => signal.aborted)) {
        settle();
      }
    });
  }

  wake(): void {
    for (const settle of [...this.#waiting]) {
      settle();
    }
  }
}
