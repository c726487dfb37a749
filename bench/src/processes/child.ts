import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A helper process that talks over its IPC channel and ends with it. */
export interface Child {
  readonly pid: number;
  /** Sends a message and resolves with the next one that comes back. Rejects when the process ends instead. */
  ask(message?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a module of ours in a process of its own. */
export function startChild(modulePath: string, nodeFlags: readonly string[] = []): Child {
  const child: ChildProcess = fork(modulePath, {
    execArgv: [...nodeFlags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    ask: (message) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`${modulePath} ended early (${String(code)})`));
        child.once('exit', onExit);
        child.once('message', (answer) => {
          child.off('exit', onExit);
          resolve(answer);
        });
        if (message !== undefined) {
          child.send(message);
        }
      }),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.disconnect();
        await ended;
      }
    },
  };
}
