import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { EmitterError, nodeFlags } from '@emitter/kit';
import { logTail } from './log-tail';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What to run and under which settings. */
export interface ProcessOptions {
  /** For messages: `destroyer`. */
  readonly name: string;
  /** A JavaScript file. */
  readonly program: string;
  readonly args?: readonly string[];
  /** Its settings; nothing else of our environment reaches it but what Node itself needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its output is appended. */
  readonly log: string;
}

/** Environment that programs need to run at all. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ'];

/**
 * Starts a Node program in a session of its own, so that Ctrl-C at our terminal reaches only us, with an IPC channel, so
 * that it ends when we are gone.
 */
export function launch({ program, args = [], env, log }: ProcessOptions): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  try {
    return fork(program, [...args], {
      env: { ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])), ...env },
      execArgv: [...nodeFlags],
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
  } finally {
    closeSync(output);
  }
}

/** The end of a process, also of one that has ended. */
export async function exitOf(child: ChildProcess): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'exit');
  }
  return { code: child.exitCode, signal: child.signalCode };
}

/** Whether a process has not ended. */
export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Runs a program to its end. @throws EmitterError UNAVAILABLE with its last lines when it fails */
export async function runToEnd(options: ProcessOptions, signal: AbortSignal | undefined): Promise<void> {
  const child = launch(options);
  const abort = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', abort, { once: true });
  const exit = await exitOf(child);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (exit.code !== 0) {
    throw await failed(options, exit);
  }
}

/** The error that says which program ended, how, and what it said last. */
export async function failed({ name, log }: ProcessOptions, { code, signal }: Exit): Promise<EmitterError> {
  const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
  const said = (await logTail(log)).replaceAll('\n', '\n  ');
  return new EmitterError('UNAVAILABLE', `${name} ended with ${how}. Its log ends with:\n  ${said}`);
}
