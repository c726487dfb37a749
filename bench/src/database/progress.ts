import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** How a backlog was worked off. */
export interface Drained {
  /** Events between the first checkpoint that moved and the end. */
  readonly events: number;
  /** The time for those, in milliseconds. */
  readonly elapsedMs: number;
}

const LOOK_EVERY_MS = 20;
const WITHIN_MS = 600_000;

/**
 * Watches deathstar's checkpoint until it has reached the log's end. Counts from the first time that it moved, so
 * that the start of the process is not in it.
 */
export async function watchDraining(client: Client): Promise<Drained> {
  const head = await position(client, 'select max(position) as position from event_log.events');
  const look = () => position(client, 'select max(position) as position from event_log.checkpoints');
  const before = await look();
  const deadline = performance.now() + WITHIN_MS;
  let first: { at: number; position: number } | undefined;
  while (performance.now() < deadline) {
    const now = await look();
    const at = performance.now();
    if (now >= head) {
      return first === undefined
        ? { events: now - before, elapsedMs: LOOK_EVERY_MS }
        : { events: now - first.position, elapsedMs: at - first.at };
    }
    if (first === undefined && now > before) {
      first = { at, position: now };
    }
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error('deathstar has not worked the backlog off in time');
}

async function position(client: Client, statement: string): Promise<number> {
  const { rows } = await client.query<{ position: string | null }>(statement);
  return Number(rows[0]?.position ?? 0);
}
