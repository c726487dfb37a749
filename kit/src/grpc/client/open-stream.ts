import type { Client, ClientDuplexStream, ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { EmitterError } from '../../errors';
import { fromGrpcStatus } from '../status';
import { cancelOn, metadataOf, optionsOf, refuseAborted, type CallSettings } from './call-options';

/** A server-stream method as ts-proto defines it: `DestroyerService.watchTargets`. */
export interface ServerStreamMethod<Request, Response> {
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: true;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** A bidirectional method as ts-proto defines it: `DestroyerService.streamAcquire`. */
export interface BidiMethod<Request, Response> {
  readonly path: string;
  readonly requestStream: true;
  readonly responseStream: true;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** A bidirectional stream, seen by the client. */
export interface BidiCall<Request, Response> {
  /** Sends a request; resolves when there is room for the next. Rejects CANCELLED when the call is over. */
  write(request: Request): Promise<void>;
  /** Says that there are no more requests; the responses go on. */
  end(): void;
  /** The responses, to be read once; read slowly, the server waits. Throws an EmitterError when the call fails. */
  readonly responses: AsyncIterable<Response>;
  cancel(): void;
}

/**
 * Opens a server stream. The call begins at once; leaving the loop cancels it. Throws an EmitterError when it fails.
 */
export function openServerStream<Request, Response>(
  client: Client,
  method: ServerStreamMethod<Request, Response>,
  request: Request,
  settings: CallSettings = {},
): AsyncIterable<Response> {
  refuseAborted(settings.signal);
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(settings),
    optionsOf(settings),
  );
  return responsesOf(call, cancelOn(settings.signal, call));
}

/** Opens a bidirectional stream. */
export function openBidi<Request, Response>(
  client: Client,
  method: BidiMethod<Request, Response>,
  settings: CallSettings = {},
): BidiCall<Request, Response> {
  refuseAborted(settings.signal);
  const call = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    metadataOf(settings),
    optionsOf(settings),
  );
  return {
    write: (request) => write(call, request),
    end: () => call.end(),
    responses: responsesOf(call, cancelOn(settings.signal, call)),
    cancel: () => call.cancel(),
  };
}

function write<Request>(call: ClientDuplexStream<Request, unknown>, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = () => reject(new EmitterError('CANCELLED', 'the stream is over; its responses tell why'));
    if (!call.writable) {
      over();
      return;
    }
    call.once('status', over);
    call.write(request, (error?: Error | null) => {
      call.off('status', over);
      if (error) {
        over();
      } else {
        resolve();
      }
    });
  });
}

function responsesOf<Response>(
  call: ClientReadableStream<Response> | ClientDuplexStream<never, Response>,
  release: () => void,
): AsyncIterable<Response> {
  let failure: ServiceError | undefined;
  // Kept from the start: a stream that fails before it is read would otherwise end the process.
  call.on('error', (error: ServiceError) => {
    failure = error;
  });
  call.once('status', release);
  // Until a first read grpc-js takes all that comes, without bound (1.14.7); from then on it waits to be read.
  call.read(0);

  async function* read(): AsyncGenerator<Response> {
    try {
      for await (const response of call) {
        yield response as Response;
      }
      if (failure !== undefined) {
        throw failure;
      }
    } catch (error) {
      throw fromGrpcStatus(error as ServiceError);
    } finally {
      call.cancel();
      release();
    }
  }
  return { [Symbol.asyncIterator]: read };
}
