import type { EventLog } from '@emitter/event-log';
import type { Logger, Metrics, Postgres } from '@emitter/kit';
import type { GetProjectionResponse } from '@emitter/proto';
import type { DeathstarConfig } from './config';
import { createPartitions, startPartitionUpkeep } from './partitions';
import { createProjectionObserver, startProjection } from './projection';
import { getProjection, startStatusGauges } from './status';

/** The projection's name, which is its subscription's on the event log. */
export const PROJECTION = 'targets';

/** How often the gauges of the projection's state are renewed. */
const STATUS_INTERVAL_MS = 5_000;

/** What the work needs. */
export interface WorkOptions {
  readonly config: DeathstarConfig;
  readonly eventLog: EventLog;
  /** The read model's database, as deathstar's own login. */
  readonly postgres: Postgres;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
}

/** Everything that deathstar does besides answering. */
export interface Work {
  status(): Promise<GetProjectionResponse>;
  /** What is still under way, for the log when a stop takes too long. */
  pending(): string[];
  /** Lets the batch and the retry under way finish, then gives the subscription up to another instance. */
  close(): Promise<void>;
}

/** Starts the projection, the care of its partitions, and the gauges of its state. */
export function startWork(options: WorkOptions): Work {
  const { config, eventLog, postgres, logger, metrics, now = Date.now } = options;
  const { retention } = config;
  const oldest = () => (retention === undefined ? undefined : now() - retention);
  const partitions = createPartitions(postgres, now);
  const projection = startProjection({
    name: PROJECTION,
    eventLog,
    postgres,
    partitions,
    observer: createProjectionObserver(logger, metrics),
    policy: { maxAttempts: config.maxAttempts, firstRetryMs: config.firstRetry },
    retryIntervalMs: config.retryInterval,
    maxBatchEvents: config.maxBatchEvents,
    maxBatchBytes: config.maxBatchBytes,
    oldest,
  });
  const upkeep = startPartitionUpkeep({
    partitions,
    oldest,
    onDropped: (months) => logger.info({ months }, 'months past retention dropped'),
    onError: (err) => logger.warn({ err }, 'partitions cannot be looked after at the moment'),
  });
  const status = () => getProjection(projection, postgres);
  const gauges = startStatusGauges(status, metrics, STATUS_INTERVAL_MS);
  let closed = false;
  return {
    status,
    pending: () => (closed ? [] : ['the batch or the retry under way']),
    async close() {
      await Promise.all([projection.close(), upkeep.close(), gauges.close()]);
      closed = true;
    },
  };
}
