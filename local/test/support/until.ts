import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition.
 *
 * @param what it is, for the error when it does not come true in time
 * @param timeoutMs how long to wait, in milliseconds
 */
export async function until(what: string, timeoutMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`after ${timeoutMs} ms still not: ${what}`);
    }
    await sleep(20);
  }
}
