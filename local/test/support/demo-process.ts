import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesWith } from './processes';
import { until } from './until';

/** The checkout. */
export const root = join(__dirname, '..', '..', '..');

/** A program of ours as a person runs it, in a folder for temporary files of its own. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when standard output holds the text. */
  shows(text: string, timeoutMs?: number): Promise<void>;
  /** Its end: exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts a program with its output in pipes: not a terminal. */
export function runProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    shows: (text, timeoutMs = 30_000) =>
      until(`it shows ${text}, but only:\n${stdout}${stderr}`, timeoutMs, () => {
        if (child.exitCode !== null && !stdout.includes(text)) {
          throw new Error(`it ended before it showed ${text}:\n${stdout}${stderr}`);
        }
        return stdout.includes(text);
      }),
  };
}

/** The demo as it was built, without `npm run demo`'s look whether it is to be built again. */
export function runDemoProcess(args: readonly string[], env: NodeJS.ProcessEnv): RunningProgram {
  return runProgram(process.execPath, ['local/dist/demo/main.js', ...args], env);
}

/** A folder for a program's temporary files, to look afterwards what it left. */
export interface Sandbox {
  readonly path: string;
  /** The environment that makes a program use it. */
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when neither a process nor a file is left; rejects, naming them, when they stay. */
  expectClean(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes one, open to the account that Postgres runs as when we are root. */
export async function createSandbox(): Promise<Sandbox> {
  const path = mkdtempSync(join(tmpdir(), 'emitter-e2e-'));
  await chmod(path, 0o755);
  const left = async (): Promise<string[]> => [...(await readdir(path)), ...processesWith(path)];
  return {
    path,
    env: { TMPDIR: path },
    expectClean: async () => {
      let remains: string[] = [];
      await until('nothing is left', 15_000, async () => {
        remains = await left();
        return remains.length === 0;
      }).catch(() => undefined);
      expect(remains).toEqual([]);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
