import { EmitterError, toEmitterError } from '@emitter/kit';
import type { EventLog, OutgoingEvent } from '@emitter/event-log';
import {
  contentHash,
  encodeTargetsAcquired,
  newUlid,
  TARGETS_ACQUIRED,
  targetsAcquired,
  type AcquireTargetsResponse,
  type TargetsAcquiredEvent,
} from '@emitter/proto';
import { answerWithin, patienceMs } from '../deadline';
import { validate, validateEventSize, type AcquisitionRequest } from './validate';

/** What an acquisition needs of the call it belongs to. */
export interface AcquireCall {
  /** Aborted when the caller is gone or its deadline has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds up to the caller's deadline. */
  remainingMs(): number;
  /** W3C trace context, passed on with the event. */
  readonly traceparent?: string | undefined;
}

export interface AcquireOptions {
  readonly eventLog: Pick<EventLog, 'publish'>;
  /** Hears of every acquisition that the log holds, retries among them. */
  readonly onAcquired?: (targets: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long the event log may take before the caller hears UNAVAILABLE, in milliseconds. */
  readonly publishTimeoutMs: number;
}

/** Resolves once the event log holds the event durably. */
export type Acquire = (request: AcquisitionRequest, call: AcquireCall) => Promise<AcquireTargetsResponse>;

/** CloudEvents' `source`: who says that it happened. */
const EVENT_SOURCE = '/emitter/destroyer';
/** When to try again after an unknown outcome, unless the log says, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Makes acquisitions events on the log. A request id makes the call safe to repeat on any replica: it is the
 * event's id, and everything else in the event follows from it and the request.
 *
 * @returns a function that rejects with EmitterError INVALID_ARGUMENT, REQUEST_ID_CONFLICT, OVERLOADED, UNAVAILABLE
 * or DEADLINE_EXCEEDED; the last two name the request id under which to try again.
 */
export function createAcquire({ eventLog, now, publishTimeoutMs, onAcquired }: AcquireOptions): Acquire {
  return async (request, call) => {
    const time = now();
    validate(request, time);
    const event = targetsAcquired(request.requestId === '' ? newUlid(time) : request.requestId, request.targets);
    const payload = encodeTargetsAcquired(event);
    validateEventSize(payload.byteLength);
    // A log that cannot tell a retry from a conflict by itself (Pulsar) is helped here: when the caller gave the
    // request id, query.acquisitions has the content hash of what is stored under it.
    await publish(
      {
        id: event.id,
        contentHash: contentHash(request.targets),
        payload,
        attributes: attributesOf(event, call.traceparent),
      },
      call,
    );
    onAcquired?.(event.targets.length);
    return responseOf(event);
  };

  async function publish(event: OutgoingEvent, call: AcquireCall): Promise<void> {
    const remainingMs = call.remainingMs();
    if (remainingMs <= 0) {
      throw new EmitterError('DEADLINE_EXCEEDED', "the caller's deadline had passed before the event was sent", {
        details: { requestId: event.id },
      });
    }
    try {
      await answerWithin(
        eventLog.publish(event, call.signal),
        patienceMs(remainingMs, publishTimeoutMs),
        () => new EmitterError('UNAVAILABLE', 'the event log has not answered in time; the outcome is unknown'),
      );
    } catch (error) {
      throw withRequestId(toEmitterError(error), event.id);
    }
  }
}

function attributesOf(event: TargetsAcquiredEvent, traceparent: string | undefined): Record<string, string> {
  const attributes = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: EVENT_SOURCE,
    ce_type: TARGETS_ACQUIRED,
    ce_time: event.createdOn.toISOString(),
    ce_datacontenttype: 'application/json',
  };
  return traceparent === undefined ? attributes : { ...attributes, traceparent };
}

function responseOf({ id, createdOn, targets }: TargetsAcquiredEvent): AcquireTargetsResponse {
  return { eventId: id, targets: targets.map((target) => ({ ...target, createdOn, updatedOn: createdOn })) };
}

/** After an unknown outcome the caller must know the id under which the same request is safe to repeat. */
function withRequestId(error: EmitterError, requestId: string): EmitterError {
  if (error.code !== 'UNAVAILABLE' && error.code !== 'DEADLINE_EXCEEDED') {
    return error;
  }
  return new EmitterError(error.code, error.message, {
    details: { ...error.details, retryAfterMs: error.details.retryAfterMs ?? RETRY_AFTER_MS, requestId },
    cause: error.cause ?? error,
  });
}
