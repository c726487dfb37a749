import type { Postgres } from '@emitter/kit';
import { statements } from './statements';

/**
 * Lets parked events be projected again, from the first attempt. Nothing is published to the log.
 * @param positions - which; every parked event unless told
 * @returns the positions that were parked and are not any more
 */
export async function redriveFailedEvents(postgres: Postgres, positions?: readonly string[]): Promise<string[]> {
  const rows = await postgres.query<{ position: string }>(statements.redrive, [positions ?? null]);
  return rows.map(({ position }) => position);
}
