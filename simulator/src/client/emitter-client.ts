import type {
  CheckReadinessResponse,
  NewTarget,
  Target,
  TargetFilter,
  TargetOrder,
  WatchTargetsResponse,
} from '@emitter/proto';

/** Targets to acquire together, under a request id that makes the call safe to repeat. */
export interface Acquisition {
  /** 1 to 1,000. */
  readonly targets: readonly NewTarget[];
  /** ULID of the last 24 hours. Default: destroyer makes one, and an unknown outcome cannot be settled. */
  readonly requestId?: string;
}

/** An event that is durably in the log. */
export interface Acquired {
  /** The event's id: the request id, or one that destroyer made. */
  readonly eventId: string;
  /** With their ids, in the order they were sent. */
  readonly targets: readonly Target[];
}

/** Which targets, in what order. Everything left out takes the service's default. */
export interface ListQuery {
  readonly filter?: Partial<TargetFilter>;
  readonly order?: TargetOrder;
  /** Targets on a page: 1 to 10,000. */
  readonly pageSize?: number;
}

/** A page of targets, in the order asked for. */
export interface Page {
  readonly targets: readonly Target[];
  /** Good on any replica. Empty at the end. */
  readonly nextPageToken: string;
}

/** Bounds on one call. */
export interface CallBounds {
  /** How long the answer may take, in milliseconds. Default: the client's. Streams have none. */
  readonly timeoutMs?: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

/**
 * Emitter over gRPC, from a caller's side. Every method rejects with EmitterError; after UNAVAILABLE,
 * DEADLINE_EXCEEDED or CANCELLED the outcome of an acquisition is unknown.
 */
export interface EmitterClient {
  /** `host:port`. */
  readonly address: string;
  /** Resolves once the event is durable. */
  acquire(acquisition: Acquisition, bounds?: CallBounds): Promise<Acquired>;
  /** One page of targets: the first, or the one of a page token with the same query. */
  page(query: ListQuery, pageToken: string, bounds?: CallBounds): Promise<Page>;
  /** Pages of targets, each asked for when the one before has been taken; ends after the last. */
  list(query?: ListQuery, bounds?: CallBounds): AsyncIterable<readonly Target[]>;
  /** What becomes visible, from a cursor or from now on; the first message is empty and says that the watch has begun. */
  watch(query?: WatchQuery, bounds?: Pick<CallBounds, 'signal'>): AsyncIterable<WatchTargetsResponse>;
  /** What the service says of itself and its dependencies. */
  readiness(bounds?: CallBounds): Promise<CheckReadinessResponse>;
  /** Lets the connection go; calls under way end with CANCELLED or UNAVAILABLE. */
  close(): void;
}

/** Which targets to watch, and from where. */
export interface WatchQuery {
  readonly filter?: Partial<TargetFilter>;
  /** The cursor of the last message received, with the same filter. Default: from now on. */
  readonly cursor?: string;
}
