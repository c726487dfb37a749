import type { handleUnaryCall } from '@grpc/grpc-js';
import { toEmitterError, type EmitterError } from '../errors';
import { InvalidMessage } from './invalid-message';
import type { MethodBinding } from './method-binding';
import type { UnaryHandler } from './service';
import { toGrpcStatus } from './status';

/** Serves a unary method: refuses what is over the bound, answers exactly once, and maps what is thrown. */
export function serveUnary(
  { method, serialize, calls, observer }: MethodBinding,
  handler: UnaryHandler<unknown, unknown>,
): handleUnaryCall<unknown, Buffer> {
  return (call, respond) => {
    const refusal = calls.refusal('unary');
    if (refusal !== undefined) {
      observer.refused(method, refusal);
      respond(toGrpcStatus(refusal));
      return;
    }
    const open = calls.begin('unary', call, method);

    const fail = (error: EmitterError) => {
      if (calls.answer(open, error)) {
        respond(toGrpcStatus(error));
      }
    };
    open.onGone(fail);
    const settleWith = (thrown: unknown) => {
      fail(toEmitterError(thrown));
      calls.settle(open);
    };

    if (open.over) {
      calls.settle(open);
    } else if (call.request instanceof InvalidMessage) {
      settleWith(call.request.error);
    } else if (open.remainingMs() === 0) {
      settleWith(open.reasonToLeave());
    } else {
      invoke(() => handler(call.request, open)).then((response) => {
        try {
          const bytes = serialize(response);
          if (calls.answer(open)) {
            respond(null, bytes);
          }
        } catch (error) {
          fail(toEmitterError(error));
        }
        calls.settle(open);
      }, settleWith);
    }
  };
}

/** A handler that throws before its promise is there counts like one that rejects. */
function invoke<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(toEmitterError(error));
  }
}
