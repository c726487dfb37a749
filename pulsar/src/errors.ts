/**
 * What can go wrong, by code. The README has the same table with what to do about each; a test holds them together.
 * `retry`: the same call may work later without anyone changing anything.
 */
export const ERROR_CODES = {
  INVALID_CONFIGURATION: { retry: false, what: 'an option is missing, unknown to this client, or out of range' },
  INVALID_URL: { retry: false, what: 'the service URL is not pulsar://host[:port][,…] or pulsar+ssl://…' },
  NOT_SUPPORTED: { retry: false, what: 'a part of the official API that this client does not have (yet)' },
  HOST_NOT_FOUND: { retry: true, what: 'no address for the host name' },
  CONNECT_FAILED: { retry: true, what: 'no host of the URL accepted the connection' },
  CONNECT_TIMEOUT: { retry: true, what: 'the host did not answer within connectionTimeoutMs' },
  NOT_PULSAR: { retry: false, what: 'something answered, but not a Pulsar broker (wrong port, TLS or not)' },
  UNTRUSTED_CERTIFICATE: { retry: false, what: "the broker's certificate is not signed by a trusted CA" },
  CERTIFICATE_EXPIRED: { retry: false, what: "the broker's or this client's certificate has expired" },
  HOSTNAME_MISMATCH: { retry: false, what: "the broker's certificate is for another host" },
  CERTIFICATE_REFUSED: { retry: false, what: "the broker refused this client's certificate, or wants one" },
  CERTIFICATE_UNREADABLE: { retry: false, what: 'a certificate, key or CA file is missing or not PEM' },
  TLS_FAILED: { retry: true, what: 'the TLS handshake failed otherwise' },
  AUTHENTICATION_FAILED: { retry: false, what: 'the broker does not accept the token or certificate' },
  NOT_AUTHORIZED: { retry: false, what: 'the role may not do this on this topic' },
  TOPIC_NOT_FOUND: { retry: false, what: 'the topic does not exist and may not be created' },
  INVALID_TOPIC: { retry: false, what: 'the topic name is not valid' },
  TOPIC_TERMINATED: { retry: false, what: 'the topic was terminated: nothing can be added' },
  SUBSCRIPTION_NOT_FOUND: { retry: false, what: 'the subscription does not exist' },
  CONSUMER_BUSY: { retry: true, what: 'another consumer has this subscription to itself' },
  PRODUCER_BUSY: { retry: true, what: 'a producer with this name is connected' },
  PRODUCER_FENCED: { retry: false, what: 'another producer took this one’s place' },
  INCOMPATIBLE_SCHEMA: { retry: false, what: 'the schema does not fit the topic’s' },
  SCHEMA_REQUIRED: { retry: false, what: 'the topic has a schema and this producer or consumer declared none' },
  SCHEMA_NOT_FOUND: { retry: false, what: 'the topic has no schema, or not this version' },
  MESSAGE_TOO_LARGE: { retry: false, what: 'the message is over the limit of the broker' },
  QUOTA_EXCEEDED: { retry: true, what: 'the backlog quota of the topic is exceeded' },
  QUEUE_FULL: { retry: true, what: 'as many messages or bytes as allowed wait for their receipt' },
  SEND_TIMEOUT: { retry: true, what: 'no receipt within sendTimeoutMs: the message may be stored or not' },
  TIMEOUT: { retry: true, what: 'no answer within operationTimeoutSeconds' },
  RECEIVE_TIMEOUT: { retry: true, what: 'no message within the time given to receive()' },
  CONNECTION_LOST: { retry: true, what: 'the connection ended before the answer' },
  SERVICE_NOT_READY: { retry: true, what: 'the broker cannot serve the topic right now' },
  TOO_MANY_REQUESTS: { retry: true, what: 'the broker has too many such requests at once' },
  BROKER_ERROR: { retry: true, what: 'any other error that the broker answered; its name is in details' },
  PROTOCOL_ERROR: { retry: true, what: 'bytes from the broker that are not the protocol' },
  CORRUPT_MESSAGE: { retry: false, what: 'a message whose checksum or content is broken' },
  CODEC_UNSUPPORTED: {
    retry: false,
    what: 'a message in a compression that this runtime cannot read; named in details',
  },
  CLOSED: { retry: false, what: 'the client, producer, consumer or reader is closed' },
} as const satisfies Record<string, { retry: boolean; what: string }>;

/** A stable name of what went wrong. */
export type PulsarErrorCode = keyof typeof ERROR_CODES;

/** The one error type of this package. `details` never holds a secret or a payload. */
export class PulsarError extends Error {
  override readonly name = 'PulsarError';
  readonly code: PulsarErrorCode;
  /** The same call may work later without anyone changing anything. */
  readonly retryable: boolean;
  /** Safe to log: topic, host, broker's error name … */
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: PulsarErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, string | number> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = ERROR_CODES[code].retry;
    this.details = options.details ?? {};
  }

  /** Anything thrown, as a PulsarError: itself if it is one, otherwise wrapped under `code`. */
  static from(thrown: unknown, code: PulsarErrorCode): PulsarError {
    if (thrown instanceof PulsarError) return thrown;
    return new PulsarError(code, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}
