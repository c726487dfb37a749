import { InvalidMessage, invalidArgument, toEmitterError, toRpcStatus, type ServerStream } from '@emitter/kit';
import type { StreamAcquireRequest, StreamAcquireResponse } from '@emitter/proto';
import type { Acquire, AcquireCall } from './acquire';
import { Unanswered } from './unanswered';

export interface StreamAcquireOptions {
  readonly acquire: Acquire;
  /** Requests of one stream without a reply, at most; with so many, reading stops until one is answered. */
  readonly maxUnanswered: number;
}

export type StreamAcquire = (
  requests: AsyncIterable<StreamAcquireRequest | InvalidMessage>,
  replies: ServerStream<StreamAcquireResponse>,
  call: AcquireCall,
) => Promise<void>;

/** The same bound in bytes of text: a few large requests weigh as much as many small ones. */
const MAX_UNANSWERED_BYTES = 4 * 1_048_576;
/** A request id that cannot be one is given back no longer than this. */
const MAX_ECHO = 64;

/**
 * Acquires many events over one stream. A request counts as unanswered until its reply has left for the client,
 * so a client that does not read its replies is soon not read from either, and memory stays bounded.
 *
 * @returns a function that resolves after the last request's reply, and rejects when replies cannot be sent any
 * more (CANCELLED, SLOW_CONSUMER); what fails about one request is in that one's reply.
 */
export function createStreamAcquire({ acquire, maxUnanswered }: StreamAcquireOptions): StreamAcquire {
  return async (requests, replies, call) => {
    const unanswered = new Unanswered(maxUnanswered, MAX_UNANSWERED_BYTES);
    const failures: unknown[] = [];
    try {
      for await (const request of requests) {
        unanswered.add(
          weight(request),
          answer(request, call)
            .then((reply) => replies.write(reply))
            .catch((error: unknown) => void failures.push(error)),
        );
        await unanswered.room();
        if (failures.length > 0) {
          break;
        }
      }
    } finally {
      await unanswered.none();
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  };

  async function answer(
    request: StreamAcquireRequest | InvalidMessage,
    call: AcquireCall,
  ): Promise<StreamAcquireResponse> {
    if (request instanceof InvalidMessage) {
      return refusal('', request.error);
    }
    try {
      if (request.requestId === '') {
        throw invalidArgument([{ field: 'request_id', description: 'must be set: replies are known by it' }]);
      }
      const value = await acquire(request, call);
      return { requestId: request.requestId, outcome: { $case: 'acquired', value } };
    } catch (error) {
      return refusal(request.requestId, error);
    }
  }
}

function refusal(requestId: string, error: unknown): StreamAcquireResponse {
  return {
    requestId: requestId.slice(0, MAX_ECHO).toWellFormed(),
    outcome: { $case: 'error', value: toRpcStatus(toEmitterError(error)) },
  };
}

/** About how many bytes a request keeps in memory. */
function weight(request: StreamAcquireRequest | InvalidMessage): number {
  return request instanceof InvalidMessage
    ? 0
    : request.targets.reduce((sum, { message, source }) => sum + message.length + source.length, 0);
}
