import { descriptorSet } from '@emitter/proto';
import type { ServiceConfig } from '../config';
import { createGrpcServer, healthServer, type GrpcLimits, type ServiceRegistration } from '../grpc';
import type { RunningService } from '../lifecycle';
import type { Logger } from '../logging';
import { startMetricsServer, type Metrics } from '../metrics';
import { createReadiness, healthHandlers, type Dependency, type HealthHandlers } from '../readiness';

/** What makes a service of some gRPC methods. */
export interface ServeOptions {
  /** The service's name, as CheckHealth tells it: `destroyer`. */
  readonly name: string;
  readonly version: string;
  readonly config: ServiceConfig;
  /** What the service cannot work without. */
  readonly dependencies: readonly Dependency[];
  /** The gRPC services to answer, given the handlers of CheckHealth and CheckReadiness. */
  readonly services: (health: HealthHandlers) => readonly ServiceRegistration[];
  readonly limits?: Partial<GrpcLimits>;
  readonly startedOn: Date;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A service that listens. */
export interface Serving extends RunningService {
  readonly ports: { readonly api: number; readonly health: number; readonly metrics: number };
}

/** A little less than what the whole stop may take, so that what is cut off is logged and the rest is closed. */
const DRAIN_SHARE = 0.8;

/**
 * Opens what every service listens on: health and metrics first, so that whoever starts it can watch, then calls.
 * The dependencies need not be there: until they are, the service is not ready.
 * @throws EmitterError CONFIG_INVALID when a port cannot be had; nothing is left open then
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { name, version, config, dependencies, services, limits, startedOn, logger, metrics } = options;
  const { host } = config;
  const opened: (() => unknown)[] = [];
  const close = async () => {
    await Promise.all(opened.map((closeOne) => closeOne()));
  };
  try {
    const health = await healthServer({ host, port: config.healthPort });
    opened.push(() => health.close());
    const metricsServer = await startMetricsServer({
      registry: metrics.registry,
      host,
      port: config.metricsPort,
      logger,
    });
    opened.push(() => metricsServer.close());
    const readiness = createReadiness({
      dependencies,
      logger,
      metrics,
      onChange: (ready) => health.set('readiness', ready),
    });
    opened.push(() => readiness.close());
    const api = await createGrpcServer({
      services: services(healthHandlers({ service: name, version, startedOn, readiness })),
      host,
      port: config.port,
      allowInsecure: config.allowInsecure,
      logger,
      metrics,
      ...(limits === undefined ? {} : { limits }),
      ...(config.reflection ? { reflection: descriptorSet() } : {}),
    });
    opened.push(() => api.forceClose());
    return {
      ports: { api: api.port, health: health.port, metrics: metricsServer.port },
      stopAccepting: () => readiness.stopAccepting('the service is shutting down'),
      drain: () => api.drain(config.shutdownTimeout * DRAIN_SHARE),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
