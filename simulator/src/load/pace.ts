import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** When calls begin, and when no more do. */
export interface PaceOptions {
  /** Calls in all. */
  readonly count?: number;
  /** Milliseconds after which none begins. */
  readonly durationMs?: number;
  readonly signal?: AbortSignal;
  /** Calls a second. Default: at once. */
  readonly rate?: number;
}

/** Hands out turns to the workers of a load. */
export interface Pace {
  /** Waits for the next turn: when it was due (`performance.now()`), or undefined when there is none left. */
  next(): Promise<number | undefined>;
  /** Resolves when no turn is left to begin. */
  readonly ended: Promise<void>;
  /** Ends it now, turns that wait for their time included. */
  stop(): void;
}

/** Turns from a start (`performance.now()`) on. With a rate, turns missed while all workers were busy are made up for. */
export function createPace({ count = Infinity, durationMs, signal, rate }: PaceOptions, startedMs: number): Pace {
  const stopped = new AbortController();
  // Every worker waits on it.
  setMaxListeners(0, stopped.signal);
  const ended = new Promise<void>((resolve) => {
    stopped.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  function stop(): void {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stopped.abort();
  }
  const timer = durationMs === undefined ? undefined : setTimeout(stop, durationMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) {
    stop();
  }

  let begun = 0;
  let turns = 0;
  async function next(): Promise<number | undefined> {
    if (stopped.signal.aborted || turns >= count) {
      return undefined;
    }
    const due = rate === undefined ? performance.now() : startedMs + (turns * 1_000) / rate;
    turns++;
    const wait = due - performance.now();
    if (wait > 0) {
      try {
        await sleep(wait, undefined, { signal: stopped.signal });
      } catch {
        return undefined;
      }
    }
    begun++;
    if (begun >= count) {
      // The last one has begun: nobody waits any more.
      stop();
    }
    return due;
  }
  return { next, ended, stop };
}
