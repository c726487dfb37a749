import {
  createMetrics,
  createReadiness,
  healthServer,
  probe,
  startMetricsServer,
  type Logger,
  type RunningService,
} from '@emitter/kit';
import { connectEmitter } from '../client';
import { seededRandom } from '../random';
import { startEmission } from './emission';
import { startProgress } from './progress';
import { createTally } from './tally';

/** What a simulator needs to run as a service. */
export interface SimulatorOptions {
  /** Destroyer's replicas, `host:port` each. */
  readonly addresses: readonly string[];
  /** How long one call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds between two events. */
  readonly everyMs: number;
  /** Fixes what is emitted. */
  readonly seed: number;
  readonly host: string;
  /** 0 takes any free port. */
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly logger: Logger;
}

/** Events without an answer yet, at most. */
const MAX_UNDER_WAY = 16;
const PROBE_MS = 500;
const PROGRESS_MS = 5_000;

/**
 * Starts emitting. Ready while a destroyer answers; while none does, what was begun is repeated until it is known.
 * Draining begins nothing new and waits for those answers.
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningService> {
  const { addresses, timeoutMs, everyMs, seed, host, logger } = options;
  const metrics = createMetrics('simulator');
  const health = await healthServer({ host, port: options.healthPort });
  const metricsServer = await startMetricsServer({
    registry: metrics.registry,
    host,
    port: options.metricsPort,
    logger,
  }).catch((error: unknown) => {
    health.close();
    throw error;
  });
  const clients = addresses.map((address) => connectEmitter(address, { timeoutMs }));
  const readiness = createReadiness({
    dependencies: clients.map((client, place) => ({
      name: clients.length === 1 ? 'destroyer' : `destroyer-${String(place + 1)}`,
      kind: 'grpc',
      check: () => probe((signal) => client.readiness({ signal, timeoutMs: PROBE_MS }), PROBE_MS),
    })),
    logger,
    metrics,
    onChange: (ready) => health.set('readiness', ready),
  });
  const tally = createTally(metrics, logger);
  const random = seededRandom(seed);
  const emission = startEmission({
    clients,
    everyMs,
    random,
    maxUnderWay: MAX_UNDER_WAY,
    timeoutMs,
    now: Date.now,
    ...tally.listeners,
  });
  logger.info({ seed, every_ms: everyMs, addresses }, 'emitting');
  const stopProgress = startProgress({
    everyMs: PROGRESS_MS,
    totals: () => tally.totals(),
    waiting: () => emission.underWay(),
    logger,
  });

  return {
    ports: { health: health.port, metrics: metricsServer.port },
    stopAccepting: () => {
      readiness.stopAccepting('the simulator is stopping');
      emission.stop();
    },
    drain: () => emission.drained(),
    close: async () => {
      emission.abandon();
      stopProgress();
      readiness.close();
      clients.forEach((client) => client.close());
      health.close();
      await metricsServer.close();
      logger.info(tally.totals(), 'emitted');
    },
    pending: () => [`${String(emission.underWay())} events without an answer`],
  };
}
