/** A caller hears that a dependency is silent after this much of its deadline, so that it can still act on it. */
const SHARE_OF_DEADLINE = 0.8;
/** Timers of one duration share a list in Node, so durations are rounded down to this, in milliseconds. */
const GRAIN_MS = 25;

/** How long to wait for a dependency, in milliseconds: a share of what remains to the caller, and at most so long. */
export function patienceMs(remainingMs: number, mostMs: number): number {
  const share = remainingMs * SHARE_OF_DEADLINE;
  return share >= mostMs ? mostMs : Math.max(1, Math.floor(share / GRAIN_MS) * GRAIN_MS);
}

/**
 * The promise's outcome, or the rejection made by `late` when it takes longer.
 * What the promise does after that is nobody's business any more.
 */
export function answerWithin<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // It is passed on as it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error);
      },
    );
  });
}
