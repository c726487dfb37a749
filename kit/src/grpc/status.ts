import { Status as RpcStatus } from '@emitter/proto';
import { Metadata, status as grpcStatus, type ServiceError } from '@grpc/grpc-js';
import { EmitterError, errorCodes, toEmitterError, type ErrorCode } from '../errors';
import { decodeDetails, encodeDetails } from './details';

/** The trailer that carries google.rpc.Status. */
const DETAILS_TRAILER = 'grpc-status-details-bin';
/** The status message goes into a header, percent-encoded, which may make three bytes of one. */
const MAX_MESSAGE_CHARACTERS = 1_024;

/** What grpc-js sends as a call's end. */
export interface GrpcStatus {
  readonly code: grpcStatus;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Anything thrown as the end of a call: the status, and google.rpc.Status with the details in its trailer. */
export function toGrpcStatus(thrown: unknown): GrpcStatus {
  const error = toEmitterError(thrown);
  const rpc = toRpcStatus(error);
  const metadata = new Metadata();
  metadata.set(DETAILS_TRAILER, Buffer.from(RpcStatus.encode(rpc).finish()));
  return { code: grpcStatus[errorCodes[error.code].grpc], details: rpc.message, metadata };
}

/** Anything thrown as a google.rpc.Status: an error inside an answer, as on StreamAcquire. */
export function toRpcStatus(thrown: unknown): RpcStatus {
  const error = toEmitterError(thrown);
  // grpc-js throws on a lone surrogate in a status message, outside of any handler.
  const message = error.message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed();
  return { code: grpcStatus[errorCodes[error.code].grpc], message, details: encodeDetails(error) };
}

/** What a call ended with, as the EmitterError that the server threw, or the nearest one for an answer of others. */
export function fromGrpcStatus(error: ServiceError): EmitterError {
  const [trailer] = metadataOf(error)?.get(DETAILS_TRAILER) ?? [];
  const details = Buffer.isBuffer(trailer) ? decodeStatus(trailer)?.details : undefined;
  return fromRpcStatus({ code: error.code, message: error.details, details: details ?? [] }, error);
}

/** The same for a google.rpc.Status inside an answer. */
export function fromRpcStatus(rpc: RpcStatus, cause?: unknown): EmitterError {
  const { reason, details } = readDetails(rpc);
  const code = reason !== undefined && isErrorCode(reason) ? reason : codeOf(rpc);
  const known = errorCodes[code].grpc === grpcStatus[rpc.code];
  // A status that no code of ours has is told in the message, so that it is not lost.
  const message = known ? rpc.message : `${grpcStatus[rpc.code] ?? String(rpc.code)}: ${rpc.message}`;
  return new EmitterError(code, message, { details, cause });
}

function readDetails(rpc: RpcStatus): ReturnType<typeof decodeDetails> {
  try {
    return decodeDetails(rpc.details);
  } catch {
    return { details: {} }; // details that cannot be read leave the status as it is
  }
}

function decodeStatus(bytes: Buffer): RpcStatus | undefined {
  try {
    return RpcStatus.decode(bytes);
  } catch {
    return undefined;
  }
}

/** grpc-js declares metadata always there; errors made before the call began have none. */
function metadataOf(error: { metadata?: Metadata }): Metadata | undefined {
  return error.metadata;
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}

/** The code for a status without a reason of ours: what the transport itself says. */
function codeOf({ code, message }: RpcStatus): ErrorCode {
  // The transport says RESOURCE_EXHAUSTED of a message over the size limit too, which no retry makes smaller.
  const tooLarge = message.includes('larger than');
  const codes: Readonly<Record<string, ErrorCode>> = {
    INVALID_ARGUMENT: 'INVALID_ARGUMENT',
    ALREADY_EXISTS: 'REQUEST_ID_CONFLICT',
    RESOURCE_EXHAUSTED: tooLarge ? 'INVALID_ARGUMENT' : 'OVERLOADED',
    UNAVAILABLE: 'UNAVAILABLE',
    DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
    CANCELLED: 'CANCELLED',
  };
  return codes[grpcStatus[code] ?? ''] ?? 'INTERNAL';
}
