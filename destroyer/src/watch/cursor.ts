import { filterFingerprint, type Filter } from '../filter';
import { seal, tokenInvalid, unseal } from '../token';
import type { Place } from './place';

/** xid8 has 64 bits; this many digits always fit. */
const STORED_IN = /^\d{1,19}$/;

/** The cursor of a place, for watches with the filter of this fingerprint. */
export function cursorOf(place: Place, filterPrint: string): string {
  return seal('watch/1', [String(place.storedIn), place.id, filterPrint]);
}

/**
 * The place of a cursor; undefined for none (from now on).
 * @throws EmitterError PAGE_TOKEN_INVALID
 */
export function placeOf(cursor: string, filter: Filter): Place | undefined {
  if (cursor === '') {
    return undefined;
  }
  const [storedIn, id, fingerprint] = unseal('watch/1', cursor) ?? [];
  if (storedIn === undefined || id === undefined || !STORED_IN.test(storedIn)) {
    throw tokenInvalid('cursor', 'must be the cursor of a message received, unchanged');
  }
  if (fingerprint !== filterFingerprint(filter)) {
    throw tokenInvalid('cursor', 'belongs to another filter');
  }
  return { storedIn: BigInt(storedIn), id };
}
