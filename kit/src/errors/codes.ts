/**
 * Every error that Emitter gives, by its stable code. `docs/errors.md` is made from this table, and the
 * gRPC status comes from it; the code itself travels as `google.rpc.ErrorInfo.reason`.
 */
export const errorCodes = {
  INVALID_ARGUMENT: {
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    meaning: 'A field of the request is not what it must be. BadRequest names each field and its bound.',
    remedy: 'Correct the fields named and send the request again.',
  },
  PAGE_TOKEN_INVALID: {
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    meaning: 'The page token or cursor was changed on the way, or belongs to another filter or order.',
    remedy: 'Use the token as it was given, with the same filter and order, or begin at the first page.',
  },
  REQUEST_ID_CONFLICT: {
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    meaning: 'The request id was used before, for other targets. The first ones stay.',
    remedy: 'Use a new request id for new targets; repeat an id only with the same targets.',
  },
  OVERLOADED: {
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    meaning: 'As much work is under way as the service takes at once. This request was not begun.',
    remedy: 'Wait as long as RetryInfo says and send it again, or add replicas.',
  },
  SLOW_CONSUMER: {
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    meaning: 'The client did not read its stream for too long, so the server ended it.',
    remedy: 'Read faster or filter more narrowly, and go on from the last cursor.',
  },
  UNAVAILABLE: {
    grpc: 'UNAVAILABLE',
    retryable: true,
    meaning: 'A dependency did not answer. For an acquisition the outcome is unknown.',
    remedy:
      'Wait as long as RetryInfo says and send the same request with the same request id; CheckReadiness says which dependency.',
  },
  DEADLINE_EXCEEDED: {
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    meaning: "The caller's deadline passed first. For an acquisition the outcome is unknown.",
    remedy: 'Send the same request with the same request id and a later deadline.',
  },
  CANCELLED: {
    grpc: 'CANCELLED',
    retryable: false,
    meaning: 'The caller ended the call.',
    remedy: 'None is needed.',
  },
  CONFIG_INVALID: {
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    meaning: 'The configuration has mistakes; all of them are listed.',
    remedy: 'Correct each setting named; --help shows them all.',
  },
  INTERNAL: {
    grpc: 'INTERNAL',
    retryable: false,
    meaning: 'A mistake of ours. The log has the cause, under the trace id of the `traceparent` that the call carried.',
    remedy: 'Report it, with the time, the method and the trace id if there was one.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** One row of the table of errors. */
export interface ErrorCodeEntry {
  /** The name of the gRPC status. */
  readonly grpc: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly meaning: string;
  readonly remedy: string;
}

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;
