import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account';
import type { Cluster } from './cluster';
import { failureOf, startError } from './failure';
import { programEnv, under } from './program';

/** How long a start may take (crash recovery included), in milliseconds. */
const startTimeoutMs = 60_000;

/** What to start, and how. */
export interface Launch {
  readonly bin: string;
  readonly cluster: Cluster;
  readonly account: Account | undefined;
  readonly log: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts a postmaster and resolves when it takes connections.
 * @throws EmitterError UNAVAILABLE with the reason and what it said last
 */
export async function launch(how: Launch): Promise<ChildProcess> {
  const until = Date.now() + startTimeoutMs;
  for (;;) {
    const { child, output } = await tryLaunch(how, until);
    if (child !== undefined) {
      return child;
    }
    // After a kill -9 the old backends need a moment to notice and let go of the shared memory.
    if (failureOf(output) !== 'still-stopping' || Date.now() > until) {
      throw startError(`Postgres did not start on port ${how.port}`, how.cluster.data, output);
    }
    await sleep(100);
  }
}

async function tryLaunch(how: Launch, until: number): Promise<{ child?: ChildProcess; output: string }> {
  const { bin, cluster, account, log, port } = how;
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // No socket file: a path that is short enough and writable is not to be had everywhere.
    unix_socket_directories: '',
    cluster_name: 'emitter',
    max_connections: '200',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...how.settings,
  };
  const file = await open(log, 'a', 0o600);
  const { size: from } = await file.stat();
  const args = ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(join(bin, 'postgres'), args, {
    cwd: cluster.data,
    ...under(account),
    env: programEnv(),
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
  });
  let failure = '';
  child.on('error', (error) => void (failure = error.message));
  await file.close();
  while (!(await isReady(cluster.data, child.pid)) && !ended(child) && failure === '') {
    if (Date.now() > until) {
      child.kill('SIGKILL');
    }
    await sleep(20);
  }
  if (!ended(child) && failure === '') {
    child.unref();
    return { child, output: '' };
  }
  const output = (await readFile(log)).subarray(from).toString();
  return { output: output + failure };
}

/** The last line of postmaster.pid says `ready` when connections are taken; pg_ctl goes by it too. */
async function isReady(data: string, pid: number | undefined): Promise<boolean> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/** Whether a process has ended. */
export function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
