import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  ServerDuplexStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { toEmitterError, type EmitterError } from '../errors';
import { InvalidMessage } from './invalid-message';
import type { MethodBinding } from './method-binding';
import type { OpenCall } from './open-call';
import { createRequestStream } from './request-stream';
import { createResponseStream } from './response-stream';
import type { BidiHandler, ServerStream, ServerStreamHandler } from './service';
import { toGrpcStatus } from './status';

type StreamCall = ServerWritableStream<unknown, Buffer> | ServerDuplexStream<unknown, Buffer>;
type Responses = ServerStream<unknown>;

/** Serves a method that answers one request with a stream. */
export function serveServerStream(
  binding: MethodBinding,
  handler: ServerStreamHandler<unknown, unknown>,
): handleServerStreamingCall<unknown, Buffer> {
  return (call) => {
    serveStream(binding, call, async (open, responses) => {
      if (call.request instanceof InvalidMessage) {
        throw call.request.error;
      }
      await handler(call.request, responses, open);
    });
  };
}

/** Serves a method that answers a stream of requests with a stream. */
export function serveBidi(
  binding: MethodBinding,
  handler: BidiHandler<unknown, unknown>,
): handleBidiStreamingCall<unknown, Buffer> {
  return (call) => {
    serveStream(binding, call, async (open, responses, onGone) => {
      const requests = createRequestStream(call, open);
      onGone(requests.leave);
      await handler(requests, responses, open);
      if (requests.cutShort()) {
        throw open.draining.reason;
      }
    });
  };
}

type Listener = (reason: EmitterError) => void;

/** What the two kinds share: the bound, the end, and that it comes exactly once. */
function serveStream(
  { method, serialize, calls, observer, slowConsumerMs }: MethodBinding,
  call: StreamCall,
  work: (open: OpenCall, responses: Responses, onGone: (listener: Listener) => void) => Promise<void>,
): void {
  const refusal = calls.refusal('stream');
  if (refusal !== undefined) {
    observer.refused(method, refusal);
    call.emit('error', toGrpcStatus(refusal));
    return;
  }
  const open = calls.begin('stream', call, method);
  if (open.over) {
    calls.settle(open);
    return;
  }
  const responses = createResponseStream(call, open, serialize, slowConsumerMs);
  const listeners: Listener[] = [responses.leave];
  open.onGone((reason) => listeners.forEach((listener) => listener(reason)));

  const started =
    open.remainingMs() === 0
      ? Promise.reject(open.reasonToLeave())
      : work(open, responses, (listener) => listeners.push(listener));
  started
    .then(
      () => {
        if (calls.answer(open)) call.end();
      },
      (thrown: unknown) => {
        const error =
          isAbort(thrown) && open.draining.aborted ? (open.draining.reason as EmitterError) : toEmitterError(thrown);
        if (calls.answer(open, error)) call.emit('error', toGrpcStatus(error));
      },
    )
    .finally(() => calls.settle(open));
}

/** What an API that was given a signal throws: for a handler that ends on `draining`, its reason is meant. */
function isAbort(thrown: unknown): boolean {
  // By name: an error of another realm (a test's, a worker's) is no instance of ours.
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'AbortError';
}
