import { isUlid } from '@emitter/proto';
import { filterFingerprint, type Filter } from '../filter';
import { seal, tokenInvalid, unseal } from '../token';

/** Which way a list goes by id, which begins with the time. */
export type Order = 'newest' | 'oldest';

/** The token that asks for what comes after an id. It names the filter and the order by their fingerprint. */
export function pageToken(lastId: string, filter: Filter, order: Order): string {
  return seal('page/1', [lastId, order, filterFingerprint(filter)]);
}

/**
 * The id that a page token goes on from; undefined for the first page (no token).
 * @throws EmitterError PAGE_TOKEN_INVALID
 */
export function lastIdOf(token: string, filter: Filter, order: Order): string | undefined {
  if (token.length === 0) {
    return undefined;
  }
  const [lastId, tokenOrder, fingerprint] = unseal('page/1', token) ?? [];
  if (lastId === undefined || !isUlid(lastId)) {
    throw tokenInvalid('page_token', 'must be a next_page_token, unchanged');
  }
  const sameList = tokenOrder === order && fingerprint === filterFingerprint(filter);
  if (!sameList) {
    throw tokenInvalid('page_token', 'belongs to another filter or order');
  }
  return lastId;
}
