import type { Writable } from 'node:stream';
import type { ServiceProcess } from '@emitter/kit';

/** What a command may touch of the world; only `main.ts` takes it from the process. */
export interface World {
  /** Variables of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborts when a person or the system asks the command to end. */
  readonly signal: AbortSignal;
  /** What a command that runs as a service hangs its life on. */
  readonly process: ServiceProcess;
}
