import { DatabaseError } from 'pg';
import { EmitterError } from '../errors';
import { kindOfSqlstate, type FailureKind } from './sqlstate';

/** Why a connection was of no use. */
export type ConnectionFailureReason = 'unreachable' | 'lost' | 'timeout' | 'busy' | 'closed';

/**
 * The database did not answer. Whether a statement that was under way took effect is unknown, except for
 * `unreachable` and `busy`: then it was not sent. Internal to the database layer: services turn it into UNAVAILABLE.
 */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly reason: ConnectionFailureReason;

  constructor(reason: ConnectionFailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** Whether the error came from the server, with an SQLSTATE and its fields (`detail`, `constraint`, `table`…). */
export function isDatabaseError(error: unknown): error is DatabaseError & { readonly code: string } {
  return error instanceof DatabaseError && error.code !== undefined;
}

/** The error of a driver's call: the server's own stays as it is, anything else is the connection's. */
export function toPostgresError(thrown: unknown, reason: ConnectionFailureReason = 'lost'): Error {
  if (isDatabaseError(thrown) || thrown instanceof ConnectionFailure || thrown instanceof EmitterError) {
    return thrown;
  }
  return new ConnectionFailure(reason, `${reasonTexts[reason]}: ${messageOf(thrown)}`, thrown);
}

/** What a failed piece of database work says about that work. Errors that are not the database's count as `data`. */
export function classify(error: unknown): FailureKind {
  if (error instanceof ConnectionFailure) {
    return 'transient';
  }
  if (error instanceof EmitterError) {
    return transientCodes.has(error.code) ? 'transient' : 'data';
  }
  if (!isDatabaseError(error)) {
    return 'data';
  }
  if (isStalePlan(error)) {
    return 'transient';
  }
  const kind = kindOfSqlstate(error.code);
  // What ends a connection, or refuses one, is about the server.
  return kind === 'data' && (error.severity === 'FATAL' || error.severity === 'PANIC') ? 'environment' : kind;
}

/**
 * Whether the connection must go because its prepared statements are: a table they use has changed shape, or a
 * pooler in between swapped connections.
 */
export function spoilsConnection(error: unknown): boolean {
  return !isDatabaseError(error) || error.severity === 'FATAL' || error.code === '26000' || isStalePlan(error);
}

/**
 * UNAVAILABLE for a caller, with the reason kept for the log.
 * @param what - what did not answer, for a person: `the event log`
 * @param retryAfterMs - when to try again; 500 ms unless told
 */
export function unavailable(error: unknown, what: string, retryAfterMs = 500): EmitterError {
  return new EmitterError('UNAVAILABLE', `${what} ${summary(error)}`, { cause: error, details: { retryAfterMs } });
}

/** Why a database did not do its work, in a few words that hold no address, no user and no data. */
export function summary(error: unknown): string {
  if (error instanceof ConnectionFailure) {
    const why = systemTexts[systemCodeOf(error.cause) ?? ''];
    return why === undefined ? reasonTexts[error.reason] : `${reasonTexts[error.reason]} (${why})`;
  }
  if (!isDatabaseError(error)) {
    return 'failed';
  }
  if (error.code === '42P01' || error.code === '3F000' || error.code === '42883') {
    return `is not set up (${error.code}): the migrations have not run`;
  }
  return `${kindTexts[classify(error)]} (${error.code})`;
}

const transientCodes: ReadonlySet<string> = new Set(['UNAVAILABLE', 'OVERLOADED', 'DEADLINE_EXCEEDED', 'CANCELLED']);

const reasonTexts: Readonly<Record<ConnectionFailureReason, string>> = {
  unreachable: 'cannot be reached',
  lost: 'lost the connection',
  timeout: 'did not answer in time',
  busy: 'has no connection free',
  closed: 'is closed',
};

/** What the operating system says of a connection, by its code. */
const systemTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  ETIMEDOUT: 'timed out',
};

/** Node's code for a system error; of several attempts on several addresses, that of the first. */
function systemCodeOf(cause: unknown): string | undefined {
  const error: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const kindTexts: Readonly<Record<FailureKind, string>> = {
  transient: 'is not ready',
  environment: 'refused',
  data: 'failed',
};

function isStalePlan(error: DatabaseError): boolean {
  return error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}

function messageOf(thrown: unknown): string {
  // Node joins the attempts on several addresses into one error that has no message of its own.
  if (thrown instanceof AggregateError && thrown.message === '') {
    return thrown.errors.map(messageOf).join('; ');
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
