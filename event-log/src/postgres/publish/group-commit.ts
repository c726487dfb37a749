import { classify, ConnectionFailure, EmitterError, unavailable } from '@emitter/kit';
import type { OutgoingEvent, Position } from '../../event-log';
import { toPosition } from '../position';
import type { Append, Appended } from './append';

export interface GroupCommitLimits {
  /** Events in one append, at most. */
  readonly batchEvents: number;
  /** Bytes of payload in one append, at most (a larger event goes alone). */
  readonly batchBytes: number;
  /** Events waiting, at most. */
  readonly queuedEvents: number;
  /** Bytes of payload waiting, at most. */
  readonly queuedBytes: number;
  /** How long an append may take, in milliseconds, a second try included. */
  readonly appendTimeoutMs: number;
}

export const defaultLimits: GroupCommitLimits = {
  batchEvents: 500,
  batchBytes: 4 * 1024 * 1024,
  queuedEvents: 4096,
  queuedBytes: 32 * 1024 * 1024,
  appendTimeoutMs: 1_800,
};

/** What an append was, for whoever measures: events in it, seconds it took. */
export type AppendObserver = (append: { events: number; seconds: number; failed: boolean }) => void;

interface Waiting {
  readonly event: OutgoingEvent;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (position: Position) => void;
  readonly reject: (error: EmitterError) => void;
}

/**
 * Publishes by group commit: one append is under way at a time, and what arrives meanwhile goes together in the next
 * one. Under load the fixed cost of an append (a round trip, a commit, the lock on the log) is shared by many events;
 * without load nothing waits.
 *
 * - Idle: nothing waits. `publish` arms the next append for the end of this turn of the event loop, so that calls
 *   read from many sockets at once go together.
 * - Appending: events wait, up to the limits. When the append settles, the next one takes what waits, or idle again.
 * - Closed: `publish` is refused; what waits is still appended.
 *
 * An append is idempotent, so one that lost its connection is tried once more before anybody hears of it. One that
 * the database did not answer in time is given up together with all that waits: the next would wait as long.
 */
export class GroupCommit {
  readonly #append: Append;
  readonly #limits: GroupCommitLimits;
  readonly #observe: AppendObserver;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #underWay: Promise<void> | undefined;
  #closed = false;

  constructor(append: Append, limits: GroupCommitLimits, observe: AppendObserver = () => undefined) {
    this.#append = append;
    this.#limits = limits;
    this.#observe = observe;
  }

  /** Events waiting for the append after the one under way. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** @throws EmitterError UNAVAILABLE, OVERLOADED, REQUEST_ID_CONFLICT, DEADLINE_EXCEEDED, INTERNAL */
  publish(event: OutgoingEvent, signal?: AbortSignal): Promise<Position> {
    const { queuedEvents, queuedBytes } = this.#limits;
    if (this.#closed) {
      return Promise.reject(unavailable(new ConnectionFailure('closed', 'the publisher is closed'), subject));
    }
    if (this.#queue.length >= queuedEvents || this.#queuedBytes >= queuedBytes) {
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, signal, resolve, reject });
      this.#queuedBytes += event.payload.length;
      this.#underWay ??= this.#drain();
    });
  }

  /** Refuses what comes from now on; resolves when everything before has its answer. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#underWay;
  }

  async #drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      if (batch.length > 0) {
        await this.#commit(batch);
      }
    }
    this.#underWay = undefined;
  }

  #takeBatch(): Waiting[] {
    const { batchEvents, batchBytes } = this.#limits;
    const batch: Waiting[] = [];
    let bytes = 0;
    let taken = 0;
    for (const waiting of this.#queue) {
      const size = waiting.event.payload.length;
      const givenUp = waiting.signal?.aborted === true;
      if (!givenUp && batch.length > 0 && (batch.length >= batchEvents || bytes + size > batchBytes)) {
        break;
      }
      taken += 1;
      this.#queuedBytes -= size;
      if (givenUp) {
        waiting.reject(notSent(waiting.signal));
      } else {
        batch.push(waiting);
        bytes += size;
      }
    }
    this.#queue = taken === this.#queue.length ? [] : this.#queue.slice(taken);
    return batch;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const began = performance.now();
    let failed = true;
    try {
      answer(batch, await this.#appendTwice(batch));
      failed = false;
    } catch (error) {
      await this.#refuse(batch, error);
    } finally {
      this.#observe({ events: batch.length, seconds: (performance.now() - began) / 1000, failed });
    }
  }

  async #appendTwice(batch: readonly Waiting[]): Promise<readonly Appended[]> {
    const events = batch.map(({ event }) => event);
    const { appendTimeoutMs } = this.#limits;
    const began = performance.now();
    try {
      return await this.#append(events, appendTimeoutMs);
    } catch (error) {
      const left = appendTimeoutMs - (performance.now() - began);
      if (left < appendTimeoutMs / 2 || classify(error) !== 'transient') {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      return this.#append(events, left - retryDelayMs);
    }
  }

  async #refuse(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (classify(error) === 'data') {
      // One event that the database cannot take must not cost the others their answer.
      await this.#commitHalves(batch, error);
      return;
    }
    const waiting = error instanceof ConnectionFailure ? this.#takeAll() : [];
    const failure = unavailable(error, subject);
    for (const { reject } of [...batch, ...waiting]) {
      reject(failure);
    }
  }

  async #commitHalves(batch: readonly Waiting[], error: unknown): Promise<void> {
    const [only, another] = batch;
    if (only !== undefined && another === undefined) {
      only.reject(new EmitterError('INTERNAL', 'the event log cannot hold this event', { cause: error }));
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.#commit(batch.slice(0, middle));
    await this.#commit(batch.slice(middle));
  }

  #takeAll(): Waiting[] {
    const all = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    return all;
  }
}

const subject = 'the event log';
const retryDelayMs = 50;

function answer(batch: readonly Waiting[], appended: readonly Appended[]): void {
  batch.forEach(({ event, resolve, reject }, i) => {
    const where = appended[i];
    if (where?.same === true) {
      resolve(toPosition(where.position));
    } else {
      reject(conflict(event.id));
    }
  });
}

function conflict(requestId: string): EmitterError {
  return new EmitterError('REQUEST_ID_CONFLICT', `the request id ${requestId} was used before, for other content`, {
    details: { requestId },
  });
}

function overloaded(): EmitterError {
  return new EmitterError('OVERLOADED', 'too many events wait for the event log', { details: { retryAfterMs: 200 } });
}

function notSent(signal: AbortSignal | undefined): EmitterError {
  return new EmitterError('DEADLINE_EXCEEDED', 'the call ended before the event was sent to the event log', {
    cause: signal?.reason,
  });
}
