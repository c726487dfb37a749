import { contentHash, decodeTargetsAcquired, isUlid, PayloadError, ulidTime } from '@emitter/proto';
import type { TargetsAcquiredEvent } from '@emitter/proto';
import type { RecordedEvent } from '@emitter/event-log';
import type { Failure } from '../failed-events';

/** An event that can be written: checked, and with the hash that tells a repetition from a conflict. */
export interface StorableEvent {
  readonly recorded: RecordedEvent;
  readonly event: TargetsAcquiredEvent;
  readonly hash: Buffer;
}

/** What is to be done with a batch's events. */
export interface PreparedEvents {
  readonly storable: readonly StorableEvent[];
  readonly failures: readonly Failure[];
  /** Events older than retention. */
  readonly expired: number;
}

/** What preparing depends on besides the event. */
export interface PrepareOptions {
  /** Reads a payload; throws when it is not an event. */
  readonly decode: (payload: Uint8Array) => TargetsAcquiredEvent;
  /** Events with an earlier time (milliseconds since 1970) are not stored any more. */
  readonly oldest: number;
  /** Whether the read model has a place for an event of this time. */
  readonly mayHold: (time: number) => boolean;
}

export const decodePayload = decodeTargetsAcquired;

/** Sorts events into what is to be stored, what failed already, and what is past retention. Never throws. */
export function prepare(events: readonly RecordedEvent[], options: PrepareOptions): PreparedEvents {
  const storable: StorableEvent[] = [];
  const failures: Failure[] = [];
  let expired = 0;
  for (const recorded of events) {
    const time = timeOf(recorded);
    if (time !== undefined && time < options.oldest) {
      expired++;
    } else if (time !== undefined && !options.mayHold(time)) {
      const error = `the time inside the id, ${new Date(time).toISOString()}, is too far from now`;
      failures.push({ event: recorded, reason: 'TIME_OUT_OF_RANGE', error });
    } else {
      const read = decode(recorded, options);
      if (typeof read === 'string') {
        failures.push({ event: recorded, reason: 'PAYLOAD_INVALID', error: read });
      } else {
        storable.push({ recorded, event: read, hash: contentHash(read.targets) });
      }
    }
  }
  return { storable, failures, expired };
}

/** The time inside the event's id, in milliseconds since 1970; undefined when the id is not a ULID. */
export function timeOf(event: RecordedEvent): number | undefined {
  return isUlid(event.id) ? ulidTime(event.id) : undefined;
}

function decode(recorded: RecordedEvent, options: PrepareOptions): TargetsAcquiredEvent | string {
  try {
    const event = options.decode(recorded.payload);
    return event.id === recorded.id ? event : 'id must be the id under which the log has the event';
  } catch (error) {
    // Whatever it is that cannot read this payload, the events around it must not wait for it.
    return error instanceof PayloadError ? error.message : `cannot be read: ${String(error)}`;
  }
}
