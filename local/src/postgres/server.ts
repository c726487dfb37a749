import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmitterError } from '@emitter/kit';
import { serverAccount } from './account';
import { findBinaries, prepareBinaries } from './binaries';
import { openCluster, type Cluster } from './cluster';
import { failureOf } from './failure';
import { freePort } from './free-port';
import { guard, type Guardian } from './guardian';
import { ended, launch } from './launch';
import { currentPlatform } from './platform';

export interface PostgresOptions {
  /** Where the data folder, the log and the superuser's password are kept; made when it is not there. */
  readonly dir: string;
  /** The port wanted; when it is taken, the server says so and does not start. Without one: any free port. */
  readonly port?: number;
  /** A folder with other binaries than those npm installed: EMITTER_POSTGRES_BIN. */
  readonly bin?: string | undefined;
  /** Server settings beside our own: `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Postgres of our own, on 127.0.0.1 only. */
export interface PostgresServer {
  /** Stays the same over restarts. */
  readonly port: number;
  readonly superuser: Cluster['superuser'];
  /** The log file. */
  readonly log: string;
  /** Whether its process runs. */
  running(): boolean;
  /** The process id of the postmaster, while it runs. */
  pid(): number | undefined;
  /** An URL without a password: `postgres://user@127.0.0.1:port/database`. */
  url(database: string, user: string): string;
  /** Starts it again after `stop` or `kill`, on the same port. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends every connection, writes a checkpoint, and waits for the end of the process. Does nothing when it is stopped. */
  stop(): Promise<void>;
  /** SIGKILL to the postmaster: what a crash looks like. Waits for the end of the process. */
  kill(): Promise<void>;
}

/** How long a fast shutdown may take before it becomes an immediate one, in milliseconds. */
const stopTimeoutMs = 10_000;

/**
 * Makes a cluster when there is none, starts a server on it, and waits until it takes connections. Should this process
 * die without stopping it, it is stopped all the same (see `guard`).
 * @throws EmitterError UNAVAILABLE or CONFIG_INVALID, saying what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = await serverAccount();
  const found = await findBinaries(options.bin, currentPlatform());
  const { bin } = await prepareBinaries(found, account, options.dir);
  const cluster = await openCluster(bin, options.dir, account);
  const log = join(options.dir, 'postgres.log');
  const run = async (port: number): Promise<RunningServer> => {
    const guardian = guard(cluster.data);
    try {
      return { child: await launch({ bin, cluster, account, log, port, settings: options.settings }), guardian };
    } catch (error) {
      guardian.dismiss();
      throw error;
    }
  };
  const [port, running] = await launchOnPort(options.port, run);
  return serverOf({ port, running, cluster, log, run });
}

interface RunningServer {
  readonly child: ChildProcess;
  readonly guardian: Guardian;
}

/** On the port asked for, or on a free one; a port lost to somebody between choosing and using it is chosen anew. */
async function launchOnPort(
  wanted: number | undefined,
  run: (port: number) => Promise<RunningServer>,
): Promise<[number, RunningServer]> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      return [port, await run(port)];
    } catch (error) {
      const again =
        wanted === undefined && attempt < 5 && error instanceof Error && failureOf(error.message) === 'port-taken';
      if (!again) {
        throw error;
      }
    }
  }
}

interface ServerParts {
  readonly port: number;
  readonly running: RunningServer;
  readonly cluster: Cluster;
  readonly log: string;
  readonly run: (port: number) => Promise<RunningServer>;
}

function serverOf({ port, running: first, cluster, log, run }: ServerParts): PostgresServer {
  let { child, guardian } = first;
  const end = async (signal: NodeJS.Signals): Promise<boolean> => {
    if (ended(child)) {
      return true;
    }
    const exited = once(child, 'exit');
    child.ref();
    child.kill(signal);
    const bound = new AbortController();
    const result = await Promise.race([
      exited.then(() => true),
      sleep(stopTimeoutMs, false, { signal: bound.signal }).catch(() => false),
    ]);
    bound.abort();
    return result;
  };
  return {
    port,
    superuser: cluster.superuser,
    log,
    running: () => !ended(child),
    pid: () => (ended(child) ? undefined : child.pid),
    url: (database, user) => `postgres://${user}@127.0.0.1:${port}/${database}`,
    start: async () => {
      if (!ended(child)) {
        throw new EmitterError('CONFIG_INVALID', 'Postgres runs already');
      }
      guardian.dismiss();
      ({ child, guardian } = await run(port));
    },
    stop: async () => {
      // SIGINT is Postgres's fast shutdown, SIGQUIT its immediate one.
      if (!(await end('SIGINT')) && !(await end('SIGQUIT'))) {
        await end('SIGKILL');
      }
      guardian.dismiss();
    },
    kill: async () => {
      await end('SIGKILL');
    },
  };
}
