import { spawn } from 'node:child_process';
import type { Account } from './account';

/** How a program ended. */
export interface Finished {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** The little environment that PostgreSQL's programs need: nothing of ours (PGHOST, LC_ALL …) must reach them. */
export function programEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, LC_ALL: 'C', TZ: 'UTC' };
}

/** How to start a program under an account. */
export function under(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** Runs a program to its end. A program that could not be started has code null and says why in its output. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd: string; account: Account | undefined },
): Promise<Finished> {
  return new Promise((resolve) => {
    const { cwd, account } = options;
    // In a session of its own: Ctrl-C at the terminal is for us, who then decide what ends when.
    const child = spawn(program, args, {
      cwd,
      ...under(account),
      env: programEnv(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
