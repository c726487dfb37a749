import { serve, service, type GrpcLimits, type Logger, type Metrics, type Postgres, type Serving } from '@emitter/kit';
import type { EventLog } from '@emitter/event-log';
import { DestroyerService } from '@emitter/proto';
import { createAcquire, createStreamAcquire } from './acquire';
import { createAdmission, type Admission } from './admission';
import type { DestroyerConfig } from './config';
import { createListTargets } from './list';
import { createReadModel } from './read-model';
import { createFeed, createWatchTargets } from './watch';

/** What the service is made of. From a start that succeeded on, the service closes `eventLog` and `postgres` itself. */
export interface DestroyerOptions {
  readonly config: DestroyerConfig;
  readonly version: string;
  readonly eventLog: EventLog;
  /** The read model's database, as destroyer's own login. */
  readonly postgres: Postgres;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
  /** What differs from what the configuration gives. */
  readonly limits?: Partial<GrpcLimits>;
}

/** How long a readiness check waits for the read model, in milliseconds. */
const CHECK_MS = 500;
/** When a list or a watch that was refused for its number may come again, in milliseconds. */
const RETRY_LIST_MS = 200;
const RETRY_WATCH_MS = 5_000;

/**
 * Starts destroyer. Neither the event log nor the read model need be there: until they are, it is not ready.
 * @throws EmitterError CONFIG_INVALID when a port cannot be had; nothing is left open then
 */
export async function startDestroyer(options: DestroyerOptions): Promise<Serving> {
  const { config, version, eventLog, postgres, logger, metrics, limits, now = Date.now } = options;
  const readModel = createReadModel(postgres, CHECK_MS);
  const lists = createAdmission(config.maxLists, 'lists are under way', RETRY_LIST_MS);
  const watches = createAdmission(config.maxWatches, 'watches are open', RETRY_WATCH_MS);
  watchGauge(metrics, watches);
  const acquired = metrics.counter({
    name: 'emitter_targets_acquired_total',
    help: 'Targets acknowledged: durably in the event log. A retry counts again.',
  });
  const acquire = createAcquire({
    eventLog,
    now,
    publishTimeoutMs: config.publishTimeout,
    onAcquired: (targets) => acquired.inc(targets),
  });
  const serving = await serve({
    name: 'destroyer',
    version,
    config,
    dependencies: [{ name: 'event-log', kind: eventLog.kind, check: () => eventLog.check() }, readModel],
    services: (health) => [
      service(DestroyerService, {
        acquireTargets: acquire,
        streamAcquire: createStreamAcquire({ acquire, maxUnanswered: config.maxUnanswered }),
        listTargets: createListTargets({ readModel, admission: lists }),
        watchTargets: createWatchTargets({ feed: createFeed({ readModel, logger }), admission: watches, now }),
        ...health,
      }),
    ],
    limits: {
      maxConcurrentCalls: config.maxCalls,
      maxStreams: config.maxStreams,
      slowConsumerMs: config.slowConsumer,
      ...limits,
    },
    startedOn: new Date(now()),
    logger,
    metrics,
  });
  return {
    ...serving,
    close: async () => {
      await Promise.all([serving.close(), eventLog.close(), postgres.close()]);
    },
  };
}

function watchGauge(metrics: Metrics, watches: Admission): void {
  metrics.gauge({
    name: 'emitter_watches_open',
    help: 'Watches open now.',
    collect: (gauge) => gauge.set(watches.size),
  });
}
