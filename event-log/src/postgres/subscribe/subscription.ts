import type { Postgres, Session } from '@emitter/kit';
import type { BatchHandler, Progress, RecordedEvent, SubscribeOptions, Subscription } from '../../event-log';
import { readProgress } from './progress';
import { readPage } from '../read-page';
import { statements } from '../statements';
import { BackOff } from './back-off';
import { Bell } from './bell';
import { pause } from './pause';

export interface SubscriptionOptions extends SubscribeOptions {
  readonly postgres: Pick<Postgres, 'query' | 'session'>;
  readonly name: string;
  readonly handleBatch: BatchHandler;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
  /** Hears of a change that a person would want to see in the log. */
  readonly onState?: (state: 'stands by' | 'is active' | 'has ended its turn') => void;
}

/** How often an instance that stands by looks whether the active one has gone; jittered by a fifth. */
const standByMs = 500;
/** How long a notification may be lost for. */
const pollMs = 2_000;

/**
 * One instance of a subscription, as a state machine.
 *
 * **Connecting.** Opens a session of its own. Done: standing by. Failed: backing off.
 *
 * **Standing by.** Another instance holds the subscription's lock (a session lock, so the server frees it when that
 * instance's connection ends, and ends a connection that is silent for 10 s). Tries every half second. Got it: active.
 *
 * **Active.** Reads from the stored checkpoint, never from memory: only the database knows what it still holds after a
 * failover. One batch is handled while the next one is read and the last one's checkpoint is written. At the log's end
 * it waits for a notification, or looks again after 2 s. The handler rejects: the same batch again after a back-off,
 * the lock kept. The session ends: the handler's signal is aborted; once it has settled, backing off; what it had
 * done but not acknowledged comes again. The login changes: the batch under way is finished and acknowledged, then
 * connecting.
 *
 * **Backing off.** Waits 50 ms to 5 s, longer after each failure, then connecting.
 *
 * **Closed.** From any state: the batch under way is finished and acknowledged, no other is begun, and the session is
 * ended, which hands the subscription over.
 */
export class PostgresSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #closing = new AbortController();
  readonly #bell = new Bell();
  readonly #backOff: BackOff;
  readonly #stopped: Promise<void>;
  #active = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
    this.#closing.signal.addEventListener('abort', () => this.#bell.ring());
    this.#stopped = this.#run();
  }

  active(): boolean {
    return this.#active;
  }

  progress(): Promise<Progress> {
    return readProgress(this.#options.postgres, this.#options.name);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#stopped;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        // A checkpoint lost in a crash of the server only brings its batch again: not worth a wait for the disk.
        await this.#use(await this.#options.postgres.session({ synchronous_commit: 'off' }));
      } catch (error) {
        this.#report(error);
        await pause(this.#backOff.next(), signal);
      }
    }
  }

  async #use(session: Session): Promise<void> {
    const ended = new AbortController();
    session.onEnd((reason) => {
      this.#active = false;
      ended.abort(reason);
      this.#bell.ring();
    });
    let turn = false;
    try {
      turn = await this.#standBy(session, ended.signal);
      if (turn) {
        this.#active = !ended.signal.aborted;
        this.#options.onState?.('is active');
        await this.#consume(session, ended.signal);
      }
    } finally {
      if (turn) {
        this.#options.onState?.('has ended its turn');
      }
      this.#active = false;
      await session.end();
    }
  }

  async #standBy(session: Session, ended: AbortSignal): Promise<boolean> {
    for (let tries = 0; !this.#closing.signal.aborted && !session.outdated(); tries++) {
      const [row] = await session.query<{ locked: boolean }>(statements.tryLock, [this.#options.name]);
      if (row?.locked === true) {
        return true;
      }
      if (tries === 0) {
        this.#options.onState?.('stands by');
      }
      await pause(standByMs * (0.8 + 0.4 * this.#options.random()), this.#closing.signal, ended);
    }
    return false;
  }

  async #consume(session: Session, ended: AbortSignal): Promise<void> {
    await session.listen('event_log', () => this.#bell.ring());
    const [start] = await session.query<{ position: string }>(statements.startCheckpoint, [this.#options.name]);
    let acknowledged = Promise.resolve();
    let ahead = this.#readAhead(session, start?.position ?? '0');
    for (;;) {
      const batch = await ahead;
      const last = batch.at(-1);
      if (last === undefined || this.#closing.signal.aborted) {
        return acknowledged;
      }
      ahead = this.#readAhead(session, last.position);
      if (await this.#handle(batch, ended)) {
        await acknowledged;
        acknowledged = this.#acknowledge(session, last.position);
      }
      if (ended.aborted) {
        throw ended.reason;
      }
    }
  }

  /** The next batch; empty when there is to be no next one: closed, or the login has changed. */
  #readAhead(session: Session, after: string): Promise<readonly RecordedEvent[]> {
    const reading = this.#read(session, after);
    // It may fail while the handler still works on the batch before; whoever awaits it hears of it then.
    reading.catch(() => undefined);
    return reading;
  }

  async #read(session: Session, after: string): Promise<readonly RecordedEvent[]> {
    const { maxBatchEvents, maxBatchBytes } = this.#options;
    while (!this.#closing.signal.aborted && !session.outdated()) {
      this.#bell.reset();
      const page = await readPage(session, { after, maxEvents: maxBatchEvents, maxBytes: maxBatchBytes });
      if (page.length > 0) {
        return page;
      }
      await this.#bell.heard(pollMs);
    }
    return [];
  }

  /** Whether the batch has been handled; if not, the subscription is closing or the session has ended. */
  async #handle(batch: readonly RecordedEvent[], ended: AbortSignal): Promise<boolean> {
    while (!ended.aborted) {
      try {
        await this.#options.handleBatch(batch, ended);
        return true;
      } catch (error) {
        this.#report(error);
      }
      await pause(this.#backOff.next(), this.#closing.signal, ended);
      if (this.#closing.signal.aborted) {
        return false;
      }
    }
    return false;
  }

  #acknowledge(session: Session, position: string): Promise<void> {
    const writing = session.query(statements.advanceCheckpoint, [this.#options.name, position]).then(
      () => this.#backOff.reset(),
      (error: unknown) => {
        // Going on without it would let the checkpoint fall behind for ever. Ended, the session begins anew from there.
        session.destroy(error as Error);
        throw error;
      },
    );
    writing.catch(() => undefined);
    return writing;
  }

  #report(error: unknown): void {
    this.#options.onError?.(error);
  }
}
