import { join } from 'node:path';
import type { EmbeddedLogin } from '../postgres/logins';
import { startPostgres, type PostgresServer } from '../postgres/server';
import { database, prepareDatabase } from './database';
import { prepareFolder, type StackFolder } from './folder';
import { runToEnd, type ProcessOptions } from './managed-process';
import type { ManagedService, ServicePorts } from './managed-service';
import { anyPorts } from './ports';
import { startOnPreferred } from './preferred-ports';
import { builtPrograms, type Programs, type ServiceKind } from './programs';
import { untilReady } from './readiness';

/** The steps of a start, in order. */
export type StackStep = 'postgres' | 'roles' | 'migrations' | 'services' | 'readiness';

export interface StackOptions {
  /** Where everything is kept: data, passwords, logs. Used again when it was used before. */
  readonly dir: string;
  /** Where Postgres keeps its part. Default: `postgres` below `dir`. */
  readonly postgresDir?: string;
  /** Ports that the first of each service gets where they are free. Default: any free ones. */
  readonly preferredPorts?: Readonly<Partial<Record<ServiceKind, ServicePorts>>>;
  /** PostgreSQL's binaries: EMITTER_POSTGRES_BIN. */
  readonly postgresBin?: string | undefined;
  /** Settings for every service, as environment variables: `{ LOG_LEVEL: 'debug' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: those of this checkout. */
  readonly programs?: Programs;
  /** Runs each step's work, to show it; what the work gives or throws is passed on. */
  readonly around?: <T>(step: StackStep, work: () => Promise<T>) => Promise<T>;
  /** Gives the start up: what runs already is stopped. */
  readonly signal?: AbortSignal;
}

/** Emitter on one machine, as real processes. */
export interface Stack {
  readonly postgres: PostgresServer;
  /** The database that log and read model are in. */
  readonly database: string;
  readonly destroyer: ManagedService;
  readonly deathstar: ManagedService;
  /** Starts one more replica. Resolves when it listens. */
  add(kind: ServiceKind): Promise<ManagedService>;
  /** Runs the migrations again; nothing happens when the database is up to date. */
  migrate(): Promise<void>;
  /** Waits until every service that runs says that it is ready. */
  ready(timeoutMs?: number): Promise<void>;
  /** Stops the services in order, then Postgres. The folder stays. */
  stop(): Promise<void>;
}

const readyWithinMs = 20_000;

/**
 * Starts Postgres, makes roles and tables, starts both services, and waits until they are ready.
 * @throws EmitterError UNAVAILABLE or CONFIG_INVALID naming the part that failed and why; nothing runs then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, programs = builtPrograms(), signal, around = runStep, preferredPorts = {} } = options;
  const step = <T>(name: StackStep, work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    return around(name, work);
  };
  const folder = await prepareFolder(dir);
  const postgresDir = options.postgresDir ?? join(dir, 'postgres');
  const postgres = await step('postgres', () => startPostgres({ dir: postgresDir, bin: options.postgresBin }));
  const services = new Map<ManagedService, ServiceKind>();
  const stop = async (): Promise<void> => {
    await Promise.all([...services.keys()].filter((each) => each.running()).map((each) => each.stop()));
    await postgres.stop();
  };
  const add = async (kind: ServiceKind, preferred: ServicePorts = anyPorts): Promise<ManagedService> => {
    const replica = [...services.values()].filter((each) => each === kind).length + 1;
    const name = replica === 1 ? kind : `${kind}-${replica}`;
    const settings = processOptions(folder, postgres, kind, { name, program: programs.services[kind] });
    const service = await startOnPreferred({ ...settings, env: { ...settings.env, ...options.env } }, preferred);
    services.set(service, kind);
    return service;
  };
  const ready = async (timeoutMs = readyWithinMs): Promise<void> => {
    const running = [...services].filter(([service]) => service.running());
    await Promise.all(running.map(([{ address }, kind]) => untilReady(kind, address, { timeoutMs, signal })));
  };
  const migrate = async (): Promise<void> => {
    for (const [name, program] of Object.entries(programs.migrations)) {
      const settings = processOptions(folder, postgres, 'emitter_migrator', { name: `${name} migrate`, program });
      await runToEnd({ ...settings, args: ['migrate'] }, signal);
    }
  };
  try {
    await step('roles', () => prepareDatabase(postgres, folder));
    await step('migrations', migrate);
    const [destroyer, deathstar] = await step('services', () =>
      bothOf([add('destroyer', preferredPorts.destroyer), add('deathstar', preferredPorts.deathstar)]),
    );
    await step('readiness', () => ready());
    signal?.throwIfAborted();
    return { postgres, database, destroyer, deathstar, add: (kind) => add(kind), migrate, ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function runStep<T>(_step: StackStep, work: () => Promise<T>): Promise<T> {
  return work();
}

/** Waits for both, also when one fails, so that whoever stops what runs knows of the other. */
async function bothOf<T>([one, other]: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function processOptions(
  { logs, passwordFile }: StackFolder,
  postgres: PostgresServer,
  login: EmbeddedLogin,
  { name, program }: { name: string; program: string },
): ProcessOptions {
  const url = `postgres://127.0.0.1:${postgres.port}/${database}`;
  return {
    name,
    program,
    env: {
      EVENT_LOG_URL: url,
      EVENT_LOG_USER: login,
      EVENT_LOG_PASSWORD_FILE: passwordFile(login),
      DATABASE_URL: url,
      DATABASE_USER: login,
      DATABASE_PASSWORD_FILE: passwordFile(login),
    },
    log: join(logs, `${name.replaceAll(' ', '-')}.log`),
  };
}
