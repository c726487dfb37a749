import { setTimeout as sleep } from 'node:timers/promises';
import { callUnary, connect, fixedCredential, type CredentialSource, type PostgresLogin } from '@emitter/kit';
import { createTemporaryFolder, startStack, type ManagedService } from '@emitter/local';
import { DeathstarClient, DeathstarService } from '@emitter/proto';
import { Client } from 'pg';

/** Emitter on this machine in a folder of its own, as its users run it, and a way into its database. */
export interface BenchStack {
  readonly destroyer: ManagedService;
  readonly deathstar: ManagedService;
  /** Where log and read model are: a URL without a password, and the superuser's login. */
  readonly databaseUrl: string;
  readonly administrator: CredentialSource<PostgresLogin>;
  /** A superuser's connection. End it. */
  connect(): Promise<Client>;
  /** Waits until deathstar has projected everything. */
  caughtUp(): Promise<void>;
  /** PostgreSQL's version. */
  postgresVersion(): Promise<string>;
  /** Stops everything and removes the folder. */
  remove(): Promise<void>;
}

const CAUGHT_UP_WITHIN_MS = 300_000;

/** Starts it with the services' default settings but for the log level: what goes to a file is not what is measured. */
export async function startBenchStack(servicesEnv: Readonly<Record<string, string>> = {}): Promise<BenchStack> {
  const folder = await createTemporaryFolder('emitter-bench-');
  const env = { LOG_LEVEL: 'warn', ...servicesEnv };
  const stack = await startStack({
    dir: folder.path,
    postgresDir: folder.postgres,
    env,
    postgresBin: process.env.EMITTER_POSTGRES_BIN,
  }).catch(async (error: unknown) => {
    await folder.remove();
    throw error;
  });
  const { user, password } = stack.postgres.superuser;
  const databaseUrl = stack.postgres.url(stack.database, user);

  async function connectAdministrator(): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: stack.postgres.port,
      database: stack.database,
      user,
      password,
    });
    await client.connect();
    return client;
  }

  return {
    destroyer: stack.destroyer,
    deathstar: stack.deathstar,
    databaseUrl,
    administrator: fixedCredential({ user, password }),
    connect: connectAdministrator,
    caughtUp: () => untilProjected(stack.deathstar.address),
    postgresVersion: async () => {
      const client = await connectAdministrator();
      const { rows } = await client
        .query<{ server_version: string }>('show server_version')
        .finally(() => client.end());
      return rows[0]?.server_version ?? 'unknown';
    },
    remove: async () => {
      await stack.stop();
      await folder.remove();
    },
  };
}

async function untilProjected(address: string): Promise<void> {
  const client = connect(DeathstarClient, address);
  try {
    const until = Date.now() + CAUGHT_UP_WITHIN_MS;
    while (Date.now() < until) {
      const { lagEvents } = await callUnary(client, DeathstarService.getProjection, {}, { timeoutMs: 10_000 });
      if (lagEvents === 0n) {
        return;
      }
      await sleep(100);
    }
    throw new Error(`deathstar has not caught up within ${String(CAUGHT_UP_WITHIN_MS / 1_000)} s`);
  } finally {
    client.close();
  }
}

/** The process id of a service that runs. */
export function pidOf(service: ManagedService): number {
  const pid = service.pid();
  if (pid === undefined) {
    throw new Error(`${service.name} does not run; its log is ${service.log}`);
  }
  return pid;
}
