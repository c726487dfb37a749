import type { DependencyStatus } from '@emitter/kit';

/** An event to be published. */
export interface OutgoingEvent {
  /** The event's id: publishing it twice with the same content hash is one event. */
  readonly id: string;
  /** SHA-256 of what the caller said: tells a retry from a conflict. */
  readonly contentHash: Uint8Array;
  /** The event as it will be read. */
  readonly payload: Uint8Array;
  /** CloudEvents attributes (`ce_*`) and W3C `traceparent`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** An event as the log holds it. The payload is as it was published: whoever reads it checks it. */
export interface RecordedEvent {
  readonly position: Position;
  readonly id: string;
  readonly payload: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** When the log took it. */
  readonly recordedOn: Date;
}

/** Where an event is. Opaque outside the adapter that gave it; as text it is fit for a person and for storage. */
export type Position = string & { readonly opaque: 'position' };

/** How far a reader is: one position for each partition. Opaque outside the adapter that gave it. */
export type Checkpoint = string & { readonly opaque: 'checkpoint' };

/** Does a batch's work. The batch counts as done when it resolves; when it rejects, it comes again after a back-off. */
export type BatchHandler = (batch: readonly RecordedEvent[], signal: AbortSignal) => Promise<void>;

export interface SubscribeOptions {
  /** Events in a batch, at most. */
  readonly maxBatchEvents: number;
  /** Bytes of payload in a batch, at most (one larger event still comes, alone). */
  readonly maxBatchBytes: number;
  /** Hears of every failure that the subscription itself gets over: a lost connection, a handler that rejected. */
  readonly onError?: (error: unknown) => void;
}

/** How far a subscription is, over all its instances. */
export interface Progress {
  readonly checkpoint: Checkpoint;
  readonly head: Checkpoint;
  /** Events between the two. */
  readonly behind: number;
}

export interface Subscription {
  /** Whether this instance receives events now; others of the same name stand by. */
  active(): boolean;
  progress(): Promise<Progress>;
  /** Lets the batch under way finish and be acknowledged, then gives the subscription up to another instance. */
  close(): Promise<void>;
}

/** Every event ever published, in order for each partition. Services do not know which adapter they have. */
export interface EventLog {
  /** What it is made of, as readiness and startup say it: `postgres`, `pulsar`. */
  readonly kind: string;
  /**
   * Resolves when the event is durable, also when it was already there with the same content.
   * @throws EmitterError UNAVAILABLE (the outcome is unknown), REQUEST_ID_CONFLICT, OVERLOADED, DEADLINE_EXCEEDED
   * (the signal was aborted before the event was sent)
   */
  publish(event: OutgoingEvent, signal?: AbortSignal): Promise<Position>;
  /** At least once, in order for each partition; acknowledged after the handler has resolved. Starts at the log's beginning. */
  subscribe(name: string, handleBatch: BatchHandler, options: SubscribeOptions): Subscription;
  /** History, from just after a checkpoint (`undefined`: the beginning) up to another (`undefined`: the head as it is now). */
  read(from?: Checkpoint, to?: Checkpoint): AsyncIterable<RecordedEvent>;
  /** Where the log ends now. */
  head(): Promise<Checkpoint>;
  /** Asks the log, as this service's own role, whether it can do this service's work. Never rejects. */
  check(): Promise<DependencyStatus>;
  /** Waits for what is being published and handled, then lets go of every connection. */
  close(): Promise<void>;
}
