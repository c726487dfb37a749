import type { BatchHandler, EventLog, RecordedEvent, SubscribeOptions, Subscription } from '../event-log';
import type { LogHarness } from './harness';

/** What a test opened on the log: closed after it. */
export class Opened {
  readonly #harness: () => LogHarness;
  readonly #logs: EventLog[] = [];

  constructor(harness: () => LogHarness) {
    this.#harness = harness;
  }

  publisher(): EventLog {
    return this.#keep(this.#harness().publisher());
  }

  subscriber(): EventLog {
    return this.#keep(this.#harness().subscriber());
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#logs.splice(0).map((log) => log.close()));
  }

  #keep(log: EventLog): EventLog {
    this.#logs.push(log);
    return log;
  }
}

/** A subscription with what it got. */
export interface Collector {
  readonly subscription: Subscription;
  /** Everything handled, in the order of handling; redelivered ones again. */
  readonly events: RecordedEvent[];
  /** The batches of it. */
  readonly batches: RecordedEvent[][];
  readonly errors: unknown[];
  ids(): string[];
}

export const batchLimits: SubscribeOptions = { maxBatchEvents: 100, maxBatchBytes: 1024 * 1024 };

/** Subscribes and collects. `before` does a batch's work before it counts as handled; it may reject. */
export function collect(
  log: EventLog,
  name: string,
  { before, ...options }: Partial<SubscribeOptions> & { readonly before?: BatchHandler } = {},
): Collector {
  const events: RecordedEvent[] = [];
  const batches: RecordedEvent[][] = [];
  const errors: unknown[] = [];
  const handle: BatchHandler = async (batch, signal) => {
    await before?.(batch, signal);
    batches.push([...batch]);
    events.push(...batch);
  };
  const subscription = log.subscribe(name, handle, {
    ...batchLimits,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { subscription, events, batches, errors, ids: () => events.map(({ id }) => id) };
}
