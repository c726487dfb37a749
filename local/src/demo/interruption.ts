/** The part of Node's `process` that an interruption needs; a test gives its own. */
export interface InterruptibleProcess {
  on(event: string, listener: (...args: never[]) => void): unknown;
  exit(code: number): unknown;
  readonly stdout: { on(event: 'error', listener: (error: Error) => void): unknown };
}

/** Signals that end the demo, with their numbers: a shell shows 128 and the number as the exit code. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** What ends the demo from outside. */
export interface Interruption {
  /** Aborts at the first signal, and when nobody reads the story any more (`npm run demo | head`). */
  readonly signal: AbortSignal;
  /** 128 + n after signal n, else undefined. */
  exitCode(): number | undefined;
}

/**
 * Listens for signals. The first aborts, so that everything is taken down in order; a second ends the process at once:
 * services end when their parent is gone, and guardians stop Postgres and remove the folder.
 */
export function listenForInterruption(process: InterruptibleProcess): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  for (const [name, number] of Object.entries(numbers)) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        process.exit(128 + number);
        return;
      }
      exitCode = 128 + number;
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  process.stdout.on('error', (error) => {
    exitCode ??= 1;
    controller.abort(error);
  });
  return { signal: controller.signal, exitCode: () => exitCode };
}
