import { PulsarError, type PulsarErrorCode } from '../errors';

/** The broker's error numbers (enum ServerError of the protocol): its name for it, and ours. */
const SERVER_ERRORS: Record<number, [string, PulsarErrorCode]> = {
  0: ['UnknownError', 'BROKER_ERROR'],
  1: ['MetadataError', 'SERVICE_NOT_READY'],
  2: ['PersistenceError', 'SERVICE_NOT_READY'],
  3: ['AuthenticationError', 'AUTHENTICATION_FAILED'],
  4: ['AuthorizationError', 'NOT_AUTHORIZED'],
  5: ['ConsumerBusy', 'CONSUMER_BUSY'],
  6: ['ServiceNotReady', 'SERVICE_NOT_READY'],
  7: ['ProducerBlockedQuotaExceededError', 'QUOTA_EXCEEDED'],
  8: ['ProducerBlockedQuotaExceededException', 'QUOTA_EXCEEDED'],
  9: ['ChecksumError', 'CORRUPT_MESSAGE'],
  10: ['UnsupportedVersionError', 'NOT_SUPPORTED'],
  11: ['TopicNotFound', 'TOPIC_NOT_FOUND'],
  12: ['SubscriptionNotFound', 'SUBSCRIPTION_NOT_FOUND'],
  13: ['ConsumerNotFound', 'SERVICE_NOT_READY'],
  14: ['TooManyRequests', 'TOO_MANY_REQUESTS'],
  15: ['TopicTerminatedError', 'TOPIC_TERMINATED'],
  16: ['ProducerBusy', 'PRODUCER_BUSY'],
  17: ['InvalidTopicName', 'INVALID_TOPIC'],
  18: ['IncompatibleSchema', 'INCOMPATIBLE_SCHEMA'],
  19: ['ConsumerAssignError', 'SERVICE_NOT_READY'],
  22: ['NotAllowedError', 'BROKER_ERROR'],
  25: ['ProducerFenced', 'PRODUCER_FENCED'],
};
// What the broker says when a schema is required; it has no number of its own for that.
const NO_SCHEMA = /without a schema|schema is required|SchemaValidationEnforced/i;

/** The broker's error number and text as one of ours. */
export function serverError(
  number: number,
  message: string,
  details: Record<string, string | number> = {},
): PulsarError {
  const [name, code] = SERVER_ERRORS[number] ?? [`ServerError ${number}`, 'BROKER_ERROR'];
  const shown = code === 'INCOMPATIBLE_SCHEMA' && NO_SCHEMA.test(message) ? 'SCHEMA_REQUIRED' : code;
  return new PulsarError(shown, `${name}: ${message}`, { details: { ...details, serverError: name } });
}
