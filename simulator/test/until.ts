import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, 10 s at most. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`waited for 10 s in vain: ${what}`);
    }
    await sleep(5);
  }
}
