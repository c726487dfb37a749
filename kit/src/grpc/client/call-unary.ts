import type { Client } from '@grpc/grpc-js';
import { fromGrpcStatus } from '../status';
import { cancelOn, metadataOf, optionsOf, refuseAborted, type CallSettings } from './call-options';

/** A unary method as ts-proto defines it: `DestroyerService.acquireTargets`. */
export interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: false;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Calls a unary method once. Rejects with an EmitterError: the server's own, or UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED. */
export async function callUnary<Request, Response>(
  client: Client,
  method: UnaryMethod<Request, Response>,
  request: Request,
  settings: CallSettings = {},
): Promise<Response> {
  refuseAborted(settings.signal);
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadataOf(settings),
      optionsOf(settings),
      (error, response) => {
        release();
        if (error !== null) {
          reject(fromGrpcStatus(error));
        } else {
          resolve(response as Response);
        }
      },
    );
    const release = cancelOn(settings.signal, call);
  });
}
