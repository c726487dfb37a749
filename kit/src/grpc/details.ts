import { BadRequest, ErrorInfo, RequestInfo, RetryInfo, type Status } from '@emitter/proto';
import type { EmitterError, ErrorDetails } from '../errors';
import { fromDuration, toDuration } from './duration';

/** A google.protobuf.Any. */
type Any = Status['details'][number];

const TYPE_PREFIX = 'type.googleapis.com/google.rpc.';
/** ErrorInfo.domain of every error of ours. */
export const ERROR_DOMAIN = 'emitter';
/** What BadRequest may take, in bytes: clients bound all trailers together, the C++ stack at 8 KiB. */
const MAX_VIOLATION_BYTES = 3_072;
const MAX_FIELD_CHARACTERS = 256;

/** The details of an error as google.rpc messages: ErrorInfo always, the others when there is something to say. */
export function encodeDetails(error: EmitterError): Any[] {
  const { violations, retryAfterMs, requestId } = error.details;
  const details = [any('ErrorInfo', ErrorInfo.encode({ reason: error.code, domain: ERROR_DOMAIN, metadata: {} }))];
  if (violations !== undefined && violations.length > 0) {
    details.push(any('BadRequest', BadRequest.encode({ fieldViolations: fitting(violations) })));
  }
  if (retryAfterMs !== undefined) {
    details.push(any('RetryInfo', RetryInfo.encode({ retryDelay: toDuration(retryAfterMs) })));
  }
  if (requestId !== undefined) {
    details.push(any('RequestInfo', RequestInfo.encode({ requestId: tidy(requestId), servingData: '' })));
  }
  return details;
}

/** What google.rpc details say, with ErrorInfo's reason when the domain is ours. What is not known is passed over. */
export function decodeDetails(details: readonly Any[]): { reason?: string; details: ErrorDetails } {
  const said: { -readonly [Key in keyof ErrorDetails]: ErrorDetails[Key] } = {};
  let reason: string | undefined;
  for (const { typeUrl, value } of details) {
    switch (typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) {
      case 'google.rpc.ErrorInfo': {
        const info = ErrorInfo.decode(value);
        reason = info.domain === ERROR_DOMAIN ? info.reason : reason;
        break;
      }
      case 'google.rpc.BadRequest':
        said.violations = BadRequest.decode(value).fieldViolations.map(({ field, description }) => ({
          field,
          description,
        }));
        break;
      case 'google.rpc.RetryInfo': {
        const delay = RetryInfo.decode(value).retryDelay;
        if (delay !== undefined) {
          said.retryAfterMs = fromDuration(delay);
        }
        break;
      }
      case 'google.rpc.RequestInfo':
        said.requestId = RequestInfo.decode(value).requestId;
        break;
      default:
    }
  }
  return reason === undefined ? { details: said } : { reason, details: said };
}

function any(type: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: TYPE_PREFIX + type, value: Buffer.from(message.finish()) };
}

function fitting(violations: NonNullable<ErrorDetails['violations']>) {
  const kept = [];
  let bytes = 0;
  for (const violation of violations) {
    const entry = BadRequest.fromPartial({
      fieldViolations: [{ field: tidy(violation.field), description: tidy(violation.description) }],
    });
    bytes += BadRequest.encode(entry).finish().length;
    if (bytes > MAX_VIOLATION_BYTES) {
      break;
    }
    kept.push(...entry.fieldViolations);
  }
  return kept;
}

function tidy(text: string): string {
  return text.slice(0, MAX_FIELD_CHARACTERS).toWellFormed();
}
