/** What a handler may know of the call it serves. */
export interface CallContext {
  /**
   * Aborts when nobody waits for the answer any more: the caller cancelled or left, its deadline passed, or it
   * does not read. The reason is an EmitterError (CANCELLED, DEADLINE_EXCEEDED, SLOW_CONSUMER). Made when first asked for.
   */
  readonly signal: AbortSignal;
  /**
   * Aborts when the server begins to drain; the call goes on. One for the whole server, so take a listener off
   * again. A stream without an end of its own throws its reason (UNAVAILABLE with retry info) then; the requests
   * of a bidirectional stream end by themselves.
   */
  readonly draining: AbortSignal;
  /** When the call must be answered, in milliseconds since the epoch: the caller's or the imposed deadline. */
  readonly deadline: number | undefined;
  /** Milliseconds to the deadline: never below 0, Infinity without one. */
  remainingMs(): number;
  /** The W3C traceparent the caller sent, if it is well formed. */
  readonly traceparent: string | undefined;
  /** The caller's address, `127.0.0.1:40000`. */
  readonly peer: string;
  /** The method's full name, `emitter.v1.Destroyer/ListTargets`. */
  readonly method: string;
}
