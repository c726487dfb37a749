import type { MethodDefinition } from '@grpc/grpc-js';
import type { CallContext } from './context';
import type { InvalidMessage } from './invalid-message';

/** Answers one request with one response. */
export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;

/** Answers one request with a stream, which ends when the promise settles. */
export type ServerStreamHandler<Request, Response> = (
  request: Request,
  stream: ServerStream<Response>,
  context: CallContext,
) => Promise<void>;

/**
 * Answers a stream of requests with a stream, which ends when the promise settles. The requests end when the
 * client half-closes or the server drains (then the client is told UNAVAILABLE after the last response); a
 * request is read only when it is asked for.
 */
export type BidiHandler<Request, Response> = (
  requests: AsyncIterable<Request | InvalidMessage>,
  stream: ServerStream<Response>,
  context: CallContext,
) => Promise<void>;

/** The responses of a stream. */
export interface ServerStream<Response> {
  /**
   * Sends a message; resolves once it has left for the client, so a handler that awaits it never gets ahead of
   * the reader. Rejects CANCELLED or DEADLINE_EXCEEDED when the client is gone, SLOW_CONSUMER when it does not
   * read for `slowConsumerMs`.
   */
  write(message: Response): Promise<void>;
}

interface Method {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A service as ts-proto defines it. */
export type ServiceDefinition = Readonly<Record<string, Method>>;

/** The handler that a method needs, by its kind. Client streaming has none: no service of ours uses it. */
export type HandlerOf<M> = M extends {
  requestDeserialize: (bytes: Buffer) => infer Request;
  responseSerialize: (value: infer Response) => Buffer;
  requestStream: infer RequestStream;
  responseStream: infer ResponseStream;
}
  ? ResponseStream extends false
    ? RequestStream extends false
      ? UnaryHandler<Request, Response>
      : never
    : RequestStream extends false
      ? ServerStreamHandler<Request, Response>
      : BidiHandler<Request, Response>
  : never;

/** A handler for each method of a service. */
export type HandlersOf<D extends ServiceDefinition> = { readonly [Name in keyof D]: HandlerOf<D[Name]> };

/** A method and its handler, for the server to register. Which kind of handler it is, the definition says. */
export interface BoundMethod {
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly handler: unknown;
}

/** A service with its handlers, ready for createGrpcServer. */
export interface ServiceRegistration {
  /** The full name, `emitter.v1.Destroyer`. */
  readonly name: string;
  readonly methods: readonly BoundMethod[];
}

/** Binds a service's ts-proto definition to its handlers. */
export function service<D extends ServiceDefinition>(definition: D, handlers: HandlersOf<D>): ServiceRegistration {
  const methods = Object.entries(definition).map(([name, method]) => ({
    definition: method as MethodDefinition<unknown, unknown>,
    handler: handlers[name],
  }));
  const path = methods[0]?.definition.path ?? '';
  return { name: path.slice(1, path.lastIndexOf('/')), methods };
}
