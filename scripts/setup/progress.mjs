import { clearInterval, setInterval } from 'node:timers';

/**
 * Says on standard error what a long step is doing, so that standard output stays the program's own: on a terminal one
 * line that counts the seconds, elsewhere a line at the start, every ten seconds, and at the end.
 */
export async function step(what, work, stream = process.stderr) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const live = stream.isTTY === true;
  const show = () => stream.write(live ? `\r\x1b[K${what} … ${seconds()}` : `${what} … ${seconds()}\n`);
  stream.write(live ? `${what} …` : `${what} …\n`);
  const timer = setInterval(show, live ? 100 : 10_000);
  try {
    const result = await work();
    stream.write(live ? `\r\x1b[K${what}: ${seconds()}\n` : `${what}: ${seconds()}\n`);
    return result;
  } catch (error) {
    stream.write(live ? `\r\x1b[K${what}: failed after ${seconds()}\n` : `${what}: failed after ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** What a person must mend before it can go on: shown without a stack. */
export class Trouble extends Error {}

/** Runs a script's work; trouble is told in its own words, with exit code 1. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof Trouble)) {
      throw error;
    }
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
