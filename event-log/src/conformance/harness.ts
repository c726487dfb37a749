import type { EventLog, OutgoingEvent } from '../event-log';

/** A log of an adapter's own for a suite of tests: empty at first, and its way to the tests can be made to fail. */
export interface LogHarness {
  /** Opens the log as a service that publishes. The suite closes it. */
  publisher(): EventLog;
  /** Opens the log as a service that subscribes and reads history. The suite closes it. */
  subscriber(): EventLog;
  /** Drops every connection to the log, once. */
  cut(): void;
  /** The log goes away: `gone` refuses connections, `silent` takes them and never answers. Until `back`. */
  outage(kind: 'gone' | 'silent' | 'back'): void;
  /** Removes the log. */
  remove(): Promise<void>;
}

/** Makes a harness; called once for each part of the suite. */
export type MakeHarness = () => Promise<LogHarness>;

let made = 0;

/** An event that no other test publishes. */
export function anEvent(overrides: Partial<OutgoingEvent> = {}): OutgoingEvent {
  made += 1;
  const id = `event-${process.pid}-${made}`;
  return {
    id,
    contentHash: Buffer.from(`hash of ${id}`),
    payload: Buffer.from(JSON.stringify({ id })),
    attributes: { ce_id: id, ce_type: 'targets.acquired' },
    ...overrides,
  };
}

/** Events, so many. */
export function someEvents(count: number): OutgoingEvent[] {
  return Array.from({ length: count }, () => anEvent());
}

/** Waits until a condition holds. @throws when it does not within the time (ms) */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > until) {
      throw new Error(`not within ${timeoutMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
