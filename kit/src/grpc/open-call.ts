import { setMaxListeners } from 'node:events';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { EmitterError } from '../errors';
import type { CallContext } from './context';

/** What every kind of call has in grpc-js. */
export interface SurfaceCall extends Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'getPeer' | 'getDeadline'> {
  once(event: 'cancelled', listener: () => void): unknown;
}

/**
 * A call from the handler's start until nothing of it is left.
 *
 * - *working*: the handler runs. Its promise settles it; the client's leaving or the deadline ends it before.
 * - *answered*: the status is decided (and counted), but the client may not have taken all of it yet.
 * - *over*: the transport is done with it. It stays in the register until the handler has settled too, so that
 *   work which goes on without a caller still counts as under way.
 */
export class OpenCall implements CallContext {
  readonly deadline: number | undefined;
  readonly startedAt = performance.now();
  /** When the register looks at the call again, in milliseconds since the epoch: it expires then. */
  dueOn: number;
  settled = false;
  answered = false;
  over = false;
  #abort: AbortController | undefined;
  #gone: EmitterError | undefined;
  #onGone: ((reason: EmitterError) => void) | undefined;

  constructor(
    readonly call: SurfaceCall,
    readonly method: string,
    readonly draining: AbortSignal,
    imposedDeadline: number | undefined,
  ) {
    const callers = Number(call.getDeadline()); // Infinity when there is none
    this.deadline = callers === Infinity ? imposedDeadline : callers;
    // The caller's own deadline is kept by grpc-js, which then says that the call is cancelled.
    this.dueOn = callers === Infinity && imposedDeadline !== undefined ? imposedDeadline : Infinity;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      setMaxListeners(0, this.#abort.signal); // a stream may wait for many things at once
      if (this.#gone !== undefined) {
        this.#abort.abort(this.#gone);
      }
    }
    return this.#abort.signal;
  }

  remainingMs(): number {
    return this.deadline === undefined ? Infinity : Math.max(0, this.deadline - Date.now());
  }

  get traceparent(): string | undefined {
    const [value] = this.call.metadata.get('traceparent');
    return typeof value === 'string' && TRACEPARENT.test(value) ? value : undefined;
  }

  get peer(): string {
    return this.call.getPeer();
  }

  /** Why nobody waits for the answer any more, or undefined while somebody does. */
  get gone(): EmitterError | undefined {
    return this.#gone;
  }

  /** Calls the listener when nobody waits for the answer any more. There is one listener. */
  onGone(listener: (reason: EmitterError) => void): void {
    this.#onGone = listener;
  }

  /** Says that nobody waits for the answer any more. The first reason stays. */
  abandon(reason: EmitterError): void {
    if (this.#gone === undefined) {
      this.#gone = reason;
      this.#abort?.abort(reason);
      this.#onGone?.(reason);
    }
  }

  /** Why the transport ended a call that was not answered: its deadline passed, or the client went. */
  reasonToLeave(): EmitterError {
    return this.deadline !== undefined && Date.now() >= this.deadline - CLIENT_LEAD_MS
      ? new EmitterError('DEADLINE_EXCEEDED', "the call's deadline passed")
      : new EmitterError('CANCELLED', 'the caller ended the call');
  }
}

/** A client whose deadline passes resets the call itself, and the way of the headers made our clock start later than its. */
const CLIENT_LEAD_MS = 25;
/** https://www.w3.org/TR/trace-context/#traceparent-header, version 00, ids not all zero. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
