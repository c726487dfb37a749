import type { ServerInterceptor } from '@grpc/grpc-js';
import type { CallObserver } from './call-observer';
import type { CallRegister } from './call-register';
import { toGrpcStatus } from './status';

/**
 * Sees a call when its headers come, before any of its request: a request may come byte by byte, and grpc-js holds
 * what is there of it. It hands back the call it was given, so that it costs the call nothing later.
 */
export function watchArrivals(calls: CallRegister, observer: CallObserver): ServerInterceptor {
  return (method, call) => {
    // The handler of a stream of requests starts with the headers: the bound of streams holds it.
    if (!method.requestStream) {
      const refusal = calls.arriving(call);
      if (refusal !== undefined) {
        observer.refused(method.path.slice(1), refusal);
        // Not before the call is set up, as grpc-js does itself.
        process.nextTick(() => call.sendStatus(toGrpcStatus(refusal)));
      }
    }
    // grpc-js declares the class that wraps a call; a call that is not wrapped is what it gives itself.
    return call as unknown as ReturnType<ServerInterceptor>;
  };
}
