import { EmitterError, type ErrorCode } from '@emitter/kit';
import { isNotDestroyer, isUnreachable } from '../client';

/** What is known of an acquisition that was given up. */
export interface GivenUp {
  readonly requestId: string;
  /** How long an answer was waited for, as `4s`. */
  readonly timeoutText: string;
  /** Whether a person ended it, rather than the time. */
  readonly interrupted: boolean;
}

/** Whether a failure is destroyer's own word: neither our end of the call nor a missing connection. */
export function isAnswer(error: EmitterError): boolean {
  return error.code !== 'CANCELLED' && error.code !== 'DEADLINE_EXCEEDED' && !isUnreachable(error);
}

/**
 * The error that tells the outcome of attempts that all failed: the last thing destroyer said, else why it could
 * not be reached, else that the time is over; with how to settle it when something was sent.
 *
 * @param failures - of each attempt, in order; at least one
 */
export function notSettled(
  failures: readonly EmitterError[],
  { requestId, timeoutText, interrupted }: GivenUp,
): EmitterError {
  const reached = failures.filter((error) => !isUnreachable(error) && !isNotDestroyer(error));
  const withWay = (code: ErrorCode, message: string, { details, cause }: Pick<EmitterError, 'details' | 'cause'>) =>
    reached.length === 0
      ? new EmitterError(code, message, { details, cause })
      : new EmitterError(code, `${message}; it may be stored or not: repeat with --request-id ${requestId}`, {
          details: { ...details, requestId },
          cause,
        });
  if (interrupted) {
    return withWay('CANCELLED', 'interrupted', { details: {}, cause: failures.at(-1) });
  }
  const last = failures.findLast(isAnswer) ?? (reached.length === 0 ? failures.at(-1) : undefined);
  return last === undefined
    ? withWay('DEADLINE_EXCEEDED', `no answer within ${timeoutText}`, { details: {}, cause: failures.at(-1) })
    : withWay(last.code, last.message, last);
}
