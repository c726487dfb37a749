import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmitterError } from '@emitter/kit';
import { exitOf, failed, isRunning, launch, type Exit, type ProcessOptions } from './managed-process';

/** The ports a service listens on. */
export interface ServicePorts {
  readonly api: number;
  readonly health: number;
  readonly metrics: number;
}

/** A service as a process that can be stopped, killed and started again. */
export interface ManagedService {
  readonly name: string;
  /** `127.0.0.1:port` of its API; stays the same over restarts. */
  readonly address: string;
  readonly ports: ServicePorts;
  readonly log: string;
  /** The process id, while it runs. */
  pid(): number | undefined;
  running(): boolean;
  /** Starts it again on the same ports. Resolves when it listens. */
  start(): Promise<void>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** The end of the process that runs now, or ran last. */
  exit(): Promise<Exit>;
  /** SIGTERM, and SIGKILL when it has not ended after the time it allows itself and a little more. */
  stop(): Promise<Exit>;
  /** SIGKILL; waits for the end. */
  kill(): Promise<Exit>;
}

/** How long a service may take, in milliseconds. */
export interface ServiceTimes {
  /** Until it listens. */
  readonly startMs: number;
  /** From SIGTERM to its end. */
  readonly stopMs: number;
}

/** Services allow themselves 10 s to stop. */
const usualTimes: ServiceTimes = { startMs: 30_000, stopMs: 12_000 };

/**
 * Starts a service and resolves when it listens.
 * @throws EmitterError UNAVAILABLE with its last log lines when it ends first or does not listen in time
 */
export async function startService(
  options: ProcessOptions,
  wanted: ServicePorts,
  times: ServiceTimes = usualTimes,
): Promise<ManagedService> {
  const first = await listening(options, wanted, times);
  const { ports } = first;
  let { child } = first;
  const end = async (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal);
    return exitOf(child);
  };
  return {
    name: options.name,
    address: `127.0.0.1:${ports.api}`,
    ports,
    log: options.log,
    pid: () => (isRunning(child) ? child.pid : undefined),
    running: () => isRunning(child),
    start: async () => {
      ({ child } = await listening(options, ports, times));
    },
    signal: (signal) => void child.kill(signal),
    exit: () => exitOf(child),
    stop: async () => {
      const bound = setTimeout(() => child.kill('SIGKILL'), times.stopMs);
      try {
        return await end('SIGTERM');
      } finally {
        clearTimeout(bound);
      }
    },
    kill: () => end('SIGKILL'),
  };
}

async function listening(
  options: ProcessOptions,
  wanted: ServicePorts,
  { startMs }: ServiceTimes,
): Promise<{ child: ChildProcess; ports: ServicePorts }> {
  const env = { PORT: `${wanted.api}`, HEALTH_PORT: `${wanted.health}`, METRICS_PORT: `${wanted.metrics}` };
  const child = launch({ ...options, env: { ...options.env, ...env } });
  const bound = new AbortController();
  try {
    const outcome = await Promise.race([
      portsOf(child),
      exitOf(child),
      sleep(startMs, 'late' as const, { signal: bound.signal }),
    ]);
    if (outcome === 'late') {
      child.kill('SIGKILL');
      throw new EmitterError(
        'UNAVAILABLE',
        `${options.name} does not listen after ${startMs / 1_000} s; its log is ${options.log}`,
      );
    }
    if ('code' in outcome) {
      throw await failed(options, outcome);
    }
    return { child, ports: outcome };
  } finally {
    bound.abort();
  }
}

/** What the service says over the IPC channel once it listens. */
function portsOf(child: ChildProcess): Promise<ServicePorts> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      const { kind, ports } = message as { kind?: string; ports?: ServicePorts };
      if (kind === 'listening' && ports !== undefined) {
        resolve(ports);
      }
    });
  });
}
