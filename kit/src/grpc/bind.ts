import type { handleBidiStreamingCall, handleServerStreamingCall, handleUnaryCall, Server } from '@grpc/grpc-js';
import { strictDeserialize } from './invalid-message';
import type { MethodBinding } from './method-binding';
import type { BidiHandler, BoundMethod, ServerStreamHandler, ServiceRegistration, UnaryHandler } from './service';
import { serveBidi, serveServerStream } from './streams';
import { serveUnary } from './unary';

type Served =
  | { kind: 'unary'; serve: handleUnaryCall<unknown, Buffer> }
  | { kind: 'serverStream'; serve: handleServerStreamingCall<unknown, Buffer> }
  | { kind: 'bidi'; serve: handleBidiStreamingCall<unknown, Buffer> };

/** Registers every method of the services with grpc-js. */
export function bind(
  server: Server,
  services: readonly ServiceRegistration[],
  shared: Pick<MethodBinding, 'calls' | 'observer' | 'slowConsumerMs'>,
): void {
  for (const bound of services.flatMap(({ methods }) => methods)) {
    const { path, responseSerialize, requestDeserialize } = bound.definition;
    const { kind, serve } = servedBy({ ...shared, method: path.slice(1), serialize: responseSerialize }, bound);
    // Responses reach grpc-js serialised: an error in that is ours to answer and to log.
    server.register(path, serve, passBytes, strictDeserialize(requestDeserialize), kind);
  }
}

/** `service` has checked each handler against its definition's kind. */
function servedBy(binding: MethodBinding, { definition, handler }: BoundMethod): Served {
  if (!definition.responseStream) {
    return { kind: 'unary', serve: serveUnary(binding, handler as UnaryHandler<unknown, unknown>) };
  }
  return definition.requestStream
    ? { kind: 'bidi', serve: serveBidi(binding, handler as BidiHandler<unknown, unknown>) }
    : { kind: 'serverStream', serve: serveServerStream(binding, handler as ServerStreamHandler<unknown, unknown>) };
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}
