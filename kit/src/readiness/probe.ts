import type { DependencyStatus } from './dependency';

/**
 * Asks a dependency: does the work, times it, and says what came of it. Never rejects. Past the deadline (ms) the
 * dependency counts as down, the signal aborts, and what the work does afterwards is left to itself.
 */
export async function probe(
  work: (signal: AbortSignal) => Promise<unknown>,
  deadlineMs: number,
): Promise<DependencyStatus> {
  const startedAt = performance.now();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${deadlineMs} ms`);
      reject(error);
      abort.abort(error);
    }, deadlineMs);
  });
  try {
    await Promise.race([work(abort.signal), late]);
    return { up: true, latencyMs: performance.now() - startedAt };
  } catch (error) {
    return { up: false, latencyMs: performance.now() - startedAt, error: sayWhy(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** One line for a person. Of an AggregateError (a host with several addresses) the first is told. */
export function sayWhy(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return sayWhy(error.errors[0]);
  }
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0]?.slice(0, 256) ?? '';
}
