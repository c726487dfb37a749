/** Work that is done again and again. */
export interface Repetition {
  /** Lets the round under way finish and begins no other. */
  close(): Promise<void>;
}

/**
 * Does the work at once, and again after as many milliseconds as it says, until closed. The signal aborts on close.
 * @param work - must not reject
 */
export function repeat(work: (closing: AbortSignal) => Promise<number>): Repetition {
  const closing = new AbortController();

  async function rounds(): Promise<void> {
    while (!closing.signal.aborted) {
      await pause(await work(closing.signal), closing.signal);
    }
  }

  const ended = rounds();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };
}

/** Waits; not on once the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) {
      done();
    }
  });
}
