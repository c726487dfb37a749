import type { ErrorCode } from './codes';

/** A field of a request and what is wrong with it. */
export interface FieldViolation {
  /** The field's path, as in the proto: `targets[3].message`. */
  readonly field: string;
  /** What it must be, with the bound: `must be 1 to 1,024 characters`. */
  readonly description: string;
}

/** What an error may tell a caller besides its message. Never a secret, never a payload. */
export interface ErrorDetails {
  readonly violations?: readonly FieldViolation[];
  /** When to try again, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The id under which to send the same acquisition again. */
  readonly requestId?: string;
}

/** The one error type of the project: a stable code, a message safe to show, safe details, and the cause for the log. */
export class EmitterError extends Error {
  override readonly name = 'EmitterError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** INVALID_ARGUMENT for the fields named; the message lists them. */
export function invalidArgument(violations: readonly FieldViolation[]): EmitterError {
  const message = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
  return new EmitterError('INVALID_ARGUMENT', message, { details: { violations } });
}

/** Makes an EmitterError of anything thrown. What is not one already becomes INTERNAL, its text kept to the log. */
export function toEmitterError(thrown: unknown): EmitterError {
  if (thrown instanceof EmitterError) {
    return thrown;
  }
  return new EmitterError('INTERNAL', 'an internal error; the log has the cause', { cause: thrown });
}
