import type { EventLog, OutgoingEvent, Position } from '@emitter/event-log';

/** A log that keeps events in memory, for faults that a real one cannot be brought to, and for tests of queries. */
export interface StubEventLog extends EventLog {
  readonly published: OutgoingEvent[];
}

export function stubEventLog(changes: Partial<EventLog> = {}): StubEventLog {
  const published: OutgoingEvent[] = [];
  const unused = (): never => {
    throw new Error('destroyer only publishes');
  };
  return {
    published,
    kind: 'stub',
    publish: (event) => {
      published.push(event);
      return Promise.resolve(String(published.length) as Position);
    },
    subscribe: unused,
    read: unused,
    head: unused,
    check: () => Promise.resolve({ up: true, latencyMs: 0 }),
    close: () => Promise.resolve(),
    ...changes,
  };
}
