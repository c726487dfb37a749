import { EmitterError } from '@emitter/kit';
import { status, type ServiceError } from '@grpc/grpc-js';

/** How grpc-js (1.14) begins when it has no connection; a service's own words never do. */
const NO_CONNECTION = /^(?:round_robin: )?No connection established|^Name resolution failed/;

/** The error of a call in words a person can use, with the address; other errors stay as they are. */
export function inPlainWords(error: EmitterError, address: string): EmitterError {
  const { code, cause, details } = error;
  if (isUnreachable(error)) {
    return new EmitterError(code, whyUnreachable(detailsOf(error), address), { cause, details });
  }
  if (code === 'DEADLINE_EXCEEDED' && detailsOf(error).startsWith('Deadline exceeded after')) {
    return new EmitterError(code, `no answer from ${address} in time`, { cause, details });
  }
  return isNotDestroyer(error)
    ? new EmitterError(code, `${address} is not destroyer's API port`, { cause, details })
    : error;
}

/** Whether there was no connection at all, so that nothing was sent. */
export function isUnreachable(error: EmitterError): boolean {
  return error.code === 'UNAVAILABLE' && NO_CONNECTION.test(detailsOf(error));
}

/** Whether a gRPC server answered that has none of destroyer's methods. */
export function isNotDestroyer({ cause }: EmitterError): boolean {
  return isServiceError(cause) && cause.code === status.UNIMPLEMENTED;
}

function whyUnreachable(details: string, address: string): string {
  if (details.includes('ECONNREFUSED')) {
    return `nobody listens at ${address} (connection refused)`;
  }
  if (details.startsWith('Name resolution failed')) {
    return `nobody answers at ${address} (no such host)`;
  }
  if (details.includes('Protocol error')) {
    return `what answers at ${address} does not speak gRPC`;
  }
  const reason = /E[A-Z]{4,}/.exec(details)?.[0];
  return `nobody answers at ${address}${reason === undefined ? '' : ` (${reason})`}`;
}

function detailsOf({ cause }: EmitterError): string {
  return isServiceError(cause) ? cause.details : '';
}

function isServiceError(cause: unknown): cause is ServiceError {
  return cause instanceof Error && 'code' in cause && 'details' in cause && typeof cause.details === 'string';
}
