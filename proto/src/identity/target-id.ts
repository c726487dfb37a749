import { hash } from 'node:crypto';
import { ulidOf, ulidTime } from './ulid';

/**
 * The id of an event's target at a place (from 0): the event's time and the first 80 bits of
 * SHA-256(event id, place). The hash's input is the id's 26 characters, a colon and the place in decimal.
 * Every replica makes the same id, so a retry is the same target.
 */
export function targetId(eventId: string, place: number): string {
  const digest = hash('sha256', `${eventId}:${String(place)}`, 'buffer');
  return ulidOf(ulidTime(eventId), digest);
}
