import { monotonicMs } from '../clock';
import { PulsarError, type PulsarErrorCode } from '../errors';
import type { Lookup } from '../lookup/lookup';
import type { BackOff } from './back-off';
import type { Connection } from './connection';
import type { ConnectionPool } from './pool';
import { parseServiceUrl } from './service-url';

/** What a producer or consumer of one topic brings to be attached to the broker that serves it. */
export interface Attachable {
  readonly topic: string;
  /** For events: `producer` or `consumer`. */
  readonly kind: 'producer' | 'consumer';
  /** Registers with the connection and asks the broker to create it. Rejects when the broker refuses. */
  join(connection: Connection): Promise<void>;
  /** Leaves politely, with everything in flight answered if possible. The connection may be closed already. */
  leave(connection: Connection): Promise<void>;
  /** It is off its connection and on the way to another. */
  onLost(error: PulsarError): void;
  /** It cannot go on; nothing more will come. */
  onFailed(error: PulsarError): void;
}

/** What attachments share with their client. */
export interface AttachmentContext {
  readonly pool: ConnectionPool;
  readonly lookup: Lookup;
  readonly operationTimeoutMs: number;
  readonly newBackOff: () => BackOff;
  report(event: { kind: 'producer' | 'consumer'; topic: string; state: AttachmentState; error?: PulsarError }): void;
}

export type AttachmentState = 'connecting' | 'connected' | 'reconnecting' | 'closed' | 'failed';

// While a topic is being created, moved or loaded, a first attempt may be repeated; everything else is told at once.
const PASSING: readonly PulsarErrorCode[] = ['SERVICE_NOT_READY', 'TOO_MANY_REQUESTS', 'CONNECTION_LOST'];
// Waiting does not help against these, even for one that was attached before.
const FINAL: readonly PulsarErrorCode[] = [
  'TOPIC_TERMINATED',
  'PRODUCER_FENCED',
  'INCOMPATIBLE_SCHEMA',
  'SCHEMA_REQUIRED',
  'INVALID_TOPIC',
  'NOT_SUPPORTED',
  'INVALID_URL',
  'CLOSED',
];

/**
 * Keeps a producer or consumer attached to the broker that serves its topic.
 *
 * States:
 * - *connecting*: the first time. The error of a first attempt is raised to who asked, except passing ones, which are
 *   retried until the operation timeout. → *connected*, or *failed*.
 * - *connected*: `lost()` (connection gone, topic unloaded, broker asks to go elsewhere) → *reconnecting*;
 *   `move()` leaves politely → *reconnecting*.
 * - *reconnecting*: lookup, connection and join again, with back-off, until it works → *connected*, or the error is
 *   final → *failed*.
 * - *closed* by `close()`, *failed* by an error; both for ever.
 */
export class Attachment {
  state: AttachmentState = 'connecting';
  connection: Connection | undefined;
  private readonly backOff: BackOff;
  private wake: (() => void) | undefined;
  private running: Promise<void> | undefined;
  /** Lost while joining: noticed when the join is done. */
  private missed: PulsarError | undefined;

  constructor(
    private readonly context: AttachmentContext,
    private readonly subject: Attachable,
  ) {
    this.backOff = context.newBackOff();
  }

  /** Attaches for the first time. */
  async open(): Promise<void> {
    const deadline = monotonicMs() + this.context.operationTimeoutMs;
    for (;;) {
      try {
        await this.attempt(undefined);
        return;
      } catch (thrown) {
        const error = PulsarError.from(thrown, 'BROKER_ERROR');
        const delay = this.backOff.nextDelay();
        if (!PASSING.includes(error.code) || monotonicMs() + delay > deadline) {
          this.enter('failed', error);
          throw error;
        }
        await this.pause(delay);
      }
    }
  }

  /** It is not attached any more, for this reason; goes on at `movedTo` or wherever a lookup says. */
  lost(error: PulsarError, movedTo?: string): void {
    this.connection = undefined;
    this.missed = error;
    if (this.state !== 'connected') return;
    this.enter('reconnecting', error);
    this.subject.onLost(error);
    this.running = this.reconnect(movedTo);
  }

  /** Leaves its connection politely and goes on over one from the pool; resolves when attached again. */
  async move(): Promise<void> {
    const { connection } = this;
    if (this.state === 'connected' && connection) {
      await this.subject.leave(connection);
      // Lost meanwhile: then it is on its way already.
      if (this.connection === connection) this.lost(new PulsarError('CONNECTION_LOST', 'moved to a fresh connection'));
    }
    await this.running;
  }

  /** Resolves when it is not reconnecting. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** Leaves and never comes back. */
  async close(): Promise<void> {
    if (this.state === 'closed') return;
    const { connection } = this;
    const attached = this.state === 'connected';
    this.enter('closed');
    this.wake?.();
    if (attached && connection) await this.subject.leave(connection);
    this.connection = undefined;
  }

  private async reconnect(movedTo: string | undefined): Promise<void> {
    let target = movedTo;
    while (this.state === 'reconnecting') {
      try {
        await this.attempt(target);
        return;
      } catch (thrown) {
        target = undefined;
        const error = PulsarError.from(thrown, 'BROKER_ERROR');
        if (FINAL.includes(error.code)) {
          // The client closed meanwhile: not worth a word.
          if (this.isClosed()) return;
          this.enter('failed', error);
          this.subject.onFailed(error);
          return;
        }
        this.context.report({ kind: this.subject.kind, topic: this.subject.topic, state: this.state, error });
        this.subject.onLost(error);
        await this.pause(this.backOff.nextDelay());
      }
    }
  }

  private async attempt(movedTo: string | undefined): Promise<void> {
    const { pool, lookup } = this.context;
    const endpoint = movedTo ? parseServiceUrl(movedTo)[0] : await lookup.broker(this.subject.topic);
    const connection = await pool.get(endpoint);
    if (this.isClosed()) throw new PulsarError('CLOSED', 'closed while connecting');
    this.missed = undefined;
    await this.subject.join(connection);
    if (this.isClosed()) {
      await this.subject.leave(connection);
      throw new PulsarError('CLOSED', 'closed while connecting');
    }
    this.connection = connection;
    this.backOff.reset();
    this.enter('connected');
    this.takeMissed();
  }

  // Lost between the broker's answer and now: `lost` left it to us.
  private takeMissed(): void {
    if (this.missed) this.lost(this.missed);
  }

  private isClosed(): boolean {
    return this.state === 'closed';
  }

  private enter(state: AttachmentState, error?: PulsarError): void {
    this.state = state;
    this.context.report({ kind: this.subject.kind, topic: this.subject.topic, state, ...(error && { error }) });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
