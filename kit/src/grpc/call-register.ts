import { constants } from 'node:http2';
import { EmitterError } from '../errors';
import type { CallObserver } from './call-observer';
import { isOver, resetCall, transportCallOf } from './grpc-js-internals';
import type { GrpcLimits } from './limits';
import { OpenCall, type SurfaceCall } from './open-call';

export type CallKind = 'unary' | 'stream';

/** When a refused caller should try again. */
const OVERLOADED_RETRY_MS = 250;
const MAX_SWEEP_MS = 250;

/** The calls under way: how many there may be, and when one has taken too long. */
export interface CallRegister {
  /** Why no further call of the kind is taken, or undefined when it is. */
  refusal(kind: CallKind): EmitterError | undefined;
  /** Takes a call, whose handler starts now, unless it is over already. */
  begin(kind: CallKind, call: SurfaceCall, method: string): OpenCall;
  /** The handler is done: what it answers is decided with `answer`, if that has not happened. */
  settle(call: OpenCall): void;
  /** Decides the call's status, once: true when this was the first. Undefined is OK. */
  answer(call: OpenCall, error?: EmitterError): boolean;
  /** A request begins to arrive. Over the bound of those that do at once: why it is refused. */
  arriving(transportCall: object): EmitterError | undefined;
  /** How many calls of the kind are under way. */
  size(kind: CallKind): number;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
  close(): void;
}

/**
 * Time limits are kept by one sweep over the calls, not by a timer for each: a call costs no timer, and a limit is
 * kept to an eighth of itself, at most 250 ms late.
 */
export function createCallRegister(
  limits: Pick<GrpcLimits, 'maxConcurrentCalls' | 'maxStreams' | 'slowConsumerMs' | 'maxCallMs'>,
  draining: AbortSignal,
  observer: CallObserver,
): CallRegister {
  const open: Record<CallKind, Set<OpenCall>> = { unary: new Set(), stream: new Set() };
  const bounds: Record<CallKind, number> = { unary: limits.maxConcurrentCalls, stream: limits.maxStreams };
  /** Requests that arrive, and by when they must have. */
  const arrivals = new Map<object, number>();
  let idleWaiters: (() => void)[] = [];
  const sweepMs = Math.max(5, Math.min(MAX_SWEEP_MS, limits.slowConsumerMs / 8, limits.maxCallMs / 8));
  const timer = setInterval(sweep, sweepMs).unref();

  function isIdle(): boolean {
    return open.unary.size + open.stream.size === 0;
  }

  function sweep(): void {
    const now = Date.now();
    for (const call of open.unary) {
      if (now >= call.dueOn) expire(call);
    }
    for (const call of open.stream) {
      if (now >= call.dueOn) expire(call);
    }
    for (const [transportCall, dueOn] of arrivals) {
      if (now >= dueOn) {
        resetCall(transportCall, constants.NGHTTP2_CANCEL);
        arrivals.delete(transportCall);
      } else if (isOver(transportCall)) {
        arrivals.delete(transportCall);
      }
    }
  }

  function expire(call: OpenCall): void {
    const working = !call.settled && call.deadline !== undefined && Date.now() >= call.deadline;
    if (working && !call.answered) {
      call.dueOn = Date.now() + limits.slowConsumerMs; // for what the client has not taken yet
      call.abandon(call.reasonToLeave());
      return;
    }
    // ENHANCE_YOUR_CALM is what gRPC clients read as RESOURCE_EXHAUSTED; no status gets past data that is not read.
    call.dueOn = Infinity;
    const slow = new EmitterError(
      'SLOW_CONSUMER',
      `the client left an answer untaken for ${limits.slowConsumerMs} ms`,
      { details: { retryAfterMs: OVERLOADED_RETRY_MS } },
    );
    answer(call, slow);
    call.abandon(slow);
    resetCall(transportCallOf(call.call), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  function answer(call: OpenCall, error?: EmitterError): boolean {
    if (call.answered) {
      return false;
    }
    call.answered = true;
    call.dueOn = Date.now() + limits.slowConsumerMs;
    observer.ended(call, error);
    return true;
  }

  function end(kind: CallKind, call: OpenCall): void {
    call.over = true;
    if (!call.answered) {
      const reason = call.gone ?? call.reasonToLeave();
      answer(call, reason);
      call.abandon(reason);
    }
    call.dueOn = Infinity;
    leave(kind, call);
  }

  function leave(kind: CallKind, call: OpenCall): void {
    if (call.settled && call.over && open[kind].delete(call)) {
      if (idleWaiters.length > 0 && isIdle()) {
        const waiters = idleWaiters;
        idleWaiters = [];
        waiters.forEach((resolve) => resolve());
      }
    }
  }

  return {
    refusal(kind) {
      if (open[kind].size < bounds[kind]) {
        return undefined;
      }
      const what = kind === 'unary' ? 'calls' : 'streams';
      return overloaded(`${bounds[kind]} ${what} are under way, which is as many as the service takes at once`);
    },
    begin(kind, call, method) {
      const transportCall = transportCallOf(call);
      arrivals.delete(transportCall);
      const opened = new OpenCall(call, method, draining, kind === 'unary' ? Date.now() + limits.maxCallMs : undefined);
      open[kind].add(opened);
      if (isOver(transportCall)) {
        end(kind, opened); // it will not say `cancelled` again
      } else {
        // grpc-js says `cancelled` at the end of every call, also of one that went well.
        call.once('cancelled', () => end(kind, opened));
      }
      return opened;
    },
    settle(call) {
      call.settled = true;
      leave(open.unary.has(call) ? 'unary' : 'stream', call);
    },
    answer,
    arriving(transportCall) {
      if (arrivals.size >= limits.maxConcurrentCalls) {
        return overloaded(
          `${limits.maxConcurrentCalls} requests are arriving, which is as many as the service takes at once`,
        );
      }
      arrivals.set(transportCall, Date.now() + limits.maxCallMs);
      return undefined;
    },
    size: (kind) => open[kind].size,
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
    close: () => clearInterval(timer),
  };
}

function overloaded(message: string): EmitterError {
  return new EmitterError('OVERLOADED', message, { details: { retryAfterMs: OVERLOADED_RETRY_MS } });
}
