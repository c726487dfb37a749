import type { Position, RecordedEvent } from '@emitter/event-log';
import { encodeTargetsAcquired, newUlid, targetsAcquired, type NewTarget } from '@emitter/proto';

let recorded = 0;

/** An event as the log would hold it, at a position of its own, in the order of calls. */
export function recordedEvent(id: string, payload: Uint8Array, attributes: Record<string, string> = {}): RecordedEvent {
  recorded += 1;
  return { position: String(recorded) as Position, id, payload, attributes, recordedOn: new Date() };
}

/** A valid event of these targets; what is not given has its default. */
export function acquired(id: string, targets: readonly Partial<NewTarget>[]): RecordedEvent {
  const whole = targets.map((target) => ({ message: 'seen', criticality: 0, source: '', ...target }));
  return recordedEvent(id, encodeTargetsAcquired(targetsAcquired(id, whole)));
}

/** A valid event of this many targets with this message. */
export function acquiredMany(count: number, message = 'seen', id = newUlid(Date.now())): RecordedEvent {
  return acquired(
    id,
    Array.from({ length: count }, (_, place) => ({ message: `${message} ${place}`, criticality: place % 11 })),
  );
}

/** An event whose payload is nothing that can be read. */
export function unreadable(id = newUlid(Date.now())): RecordedEvent {
  return recordedEvent(id, Buffer.from('not an event'));
}
