import type { EventLog } from '@emitter/event-log';
import {
  createGrpcServer,
  createReadiness,
  healthHandlers,
  healthServer,
  service,
  startMetricsServer,
  type GrpcServer,
  type Logger,
  type Metrics,
  type Postgres,
  type Readiness,
  type RunningService,
} from '@emitter/kit';
import { DeathstarService, descriptorSet, type GetProjectionResponse } from '@emitter/proto';
import type { DeathstarConfig } from './config';
import { readModelDependency } from './read-model';
import { startWork } from './work';

/** What the service is made of. From a start that succeeded on, the service closes `eventLog` and `postgres` itself. */
export interface DeathstarOptions {
  readonly config: DeathstarConfig;
  readonly version: string;
  readonly eventLog: EventLog;
  /** The read model's database, as deathstar's own login. */
  readonly postgres: Postgres;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
}

/** A deathstar that listens and projects. */
export interface Deathstar extends RunningService {
  readonly ports: { readonly api: number; readonly health: number; readonly metrics: number };
}

/**
 * Starts deathstar: its servers first, so that a port that is taken is known before any work begins. Neither the event
 * log nor the read model need be there: until they are, it is not ready, and begins by itself when they come.
 * @throws EmitterError CONFIG_INVALID when a port cannot be had; nothing is left open then
 */
export async function startDeathstar(options: DeathstarOptions): Promise<Deathstar> {
  const { config, eventLog, postgres, logger, metrics } = options;
  const opened: (() => unknown)[] = [];
  try {
    const health = await healthServer({ host: config.host, port: config.healthPort });
    opened.push(() => health.close());
    const metricsServer = await startMetricsServer({
      registry: metrics.registry,
      host: config.host,
      port: config.metricsPort,
      logger,
    });
    opened.push(() => metricsServer.close());
    const readiness = createReadiness({
      dependencies: [
        { name: 'event-log', kind: eventLog.kind, check: () => eventLog.check() },
        readModelDependency(postgres),
      ],
      logger,
      metrics,
      onChange: (ready) => health.set('readiness', ready),
    });
    opened.push(() => readiness.close());
    const api = await serveApi(options, readiness, () => work.status());
    const work = startWork(options);
    return {
      ports: { api: api.port, health: health.port, metrics: metricsServer.port },
      stopAccepting: () => readiness.stopAccepting('the service is shutting down'),
      drain: async () => {
        // A little less than what the whole stop may take, so that what is cut off is logged and the rest is closed.
        await Promise.all([work.close(), api.drain(config.shutdownTimeout * 0.8)]);
      },
      close: async () => {
        api.forceClose();
        await Promise.all([...opened.map((close) => close()), eventLog.close(), postgres.close()]);
      },
      pending: () => work.pending(),
    };
  } catch (error) {
    await Promise.all(opened.map((close) => close()));
    throw error;
  }
}

function serveApi(
  { config, version, logger, metrics, now = Date.now }: DeathstarOptions,
  readiness: Readiness,
  getProjection: () => Promise<GetProjectionResponse>,
): Promise<GrpcServer> {
  return createGrpcServer({
    services: [
      service(DeathstarService, {
        getProjection,
        ...healthHandlers({ service: 'deathstar', version, startedOn: new Date(now()), readiness }),
      }),
    ],
    host: config.host,
    port: config.port,
    allowInsecure: config.allowInsecure,
    logger,
    metrics,
    ...(config.reflection ? { reflection: descriptorSet() } : {}),
  });
}
