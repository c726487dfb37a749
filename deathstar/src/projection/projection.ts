import type { EventLog, Progress } from '@emitter/event-log';
import type { Postgres } from '@emitter/kit';
import type { TargetsAcquiredEvent } from '@emitter/proto';
import type { RetryPolicy } from '../failed-events';
import type { Partitions } from '../partitions';
import type { ProjectionObserver } from './outcome';
import type { ProjectionParts } from './parts';
import { decodePayload } from './prepare';
import { projectBatch } from './project-batch';
import { startRetryWorker } from './retry-worker';

export interface ProjectionOptions {
  /** The subscription's name on the event log; instances of one name share the work. */
  readonly name: string;
  readonly eventLog: EventLog;
  readonly postgres: Postgres;
  readonly partitions: Partitions;
  readonly observer: ProjectionObserver;
  readonly policy: RetryPolicy;
  /** How often due retries are looked for, in milliseconds. */
  readonly retryIntervalMs: number;
  /** Events in a batch, and bytes of payload, at most. */
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  /** Events with an earlier time (milliseconds since 1970) are passed over; undefined lets all in. */
  readonly oldest: () => number | undefined;
  /** Reads a payload; that of proto unless told. */
  readonly decode?: (payload: Uint8Array) => TargetsAcquiredEvent;
}

/** The projection of the log's events into the read model, at work. */
export interface Projection {
  readonly name: string;
  /** Whether this instance holds the subscription; others stand by. */
  active(): boolean;
  /** How far the projection is, over all instances. */
  progress(): Promise<Progress>;
  /** When this instance last committed a batch. */
  lastCommittedOn(): Date | undefined;
  /** Lets the batch and the retry under way finish, then gives the subscription up. */
  close(): Promise<void>;
}

/** Subscribes to the event log and projects until closed. */
export function startProjection(options: ProjectionOptions): Projection {
  const { name, eventLog, partitions, observer, decode = decodePayload } = options;
  const parts: ProjectionParts = {
    postgres: options.postgres,
    partitions,
    policy: options.policy,
    preparing: () => ({ decode, oldest: options.oldest() ?? -Infinity, mayHold: (time) => partitions.mayHold(time) }),
  };
  let lastCommittedOn: Date | undefined;

  const subscription = eventLog.subscribe(
    name,
    async (batch) => {
      const startedAt = performance.now();
      const outcome = await projectBatch(batch, parts);
      lastCommittedOn = new Date();
      observer.batchCommitted(outcome, batch.length, performance.now() - startedAt);
    },
    {
      maxBatchEvents: options.maxBatchEvents,
      maxBatchBytes: options.maxBatchBytes,
      onError: (error) => observer.subscriptionFailed(error),
    },
  );
  const retries = startRetryWorker(parts, observer, options.retryIntervalMs);

  return {
    name,
    active: () => subscription.active(),
    progress: () => subscription.progress(),
    lastCommittedOn: () => lastCommittedOn,
    async close() {
      await Promise.all([subscription.close(), retries.close()]);
    },
  };
}
