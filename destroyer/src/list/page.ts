import { bounds, range, type ListTargetsRequest } from '@emitter/proto';
import { parseFilter, type Filter } from '../filter';
import { Violations } from '../violations';
import { lastIdOf, type Order } from './page-token';

/** A page that was asked for. */
export interface PageRequest {
  readonly filter: Filter;
  readonly order: Order;
  /** Targets, at most. */
  readonly size: number;
  /** The id that the page before ended with; undefined: the first page. */
  readonly after: string | undefined;
}

/** TargetOrder by number; 0 is the default. */
const orders: readonly Order[] = ['newest', 'newest', 'oldest'];

/** @throws EmitterError INVALID_ARGUMENT that lists every field and its bound; PAGE_TOKEN_INVALID */
export function parsePageRequest(request: ListTargetsRequest): PageRequest {
  const violations = new Violations();
  const filter = parseFilter(request.filter, violations);
  const size = request.pageSize ?? bounds.pageSize.default;
  if (size < bounds.pageSize.min || size > bounds.pageSize.max) {
    violations.add('page_size', `must be ${range(bounds.pageSize)}`);
  }
  const order = orders[request.order];
  if (order === undefined) {
    violations.add('order', 'must be TARGET_ORDER_NEWEST_FIRST or TARGET_ORDER_OLDEST_FIRST');
  }
  violations.throwIfAny();
  const known = order ?? 'newest';
  return { filter, order: known, size, after: lastIdOf(request.pageToken, filter, known) };
}
