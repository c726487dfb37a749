import type { Statement } from '@emitter/kit';
import { bounds } from '@emitter/proto';
import type { Filter } from '../filter';
import { TARGET_COLUMNS } from '../target';
import type { Order } from './page-token';

/** A statement with its values. */
export interface Query {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/**
 * How a filter is answered. Each way reads an index in the order of the list and stops at the limit, so the work is
 * bounded by the page, not by the table:
 * - `all`: the primary key. No condition but ids and times, which are ranges of it.
 * - `criticality`: (criticality, id), once for each criticality asked for, at most eleven times the limit.
 * - `source`: (source, criticality, id), in the same way.
 * - `ids`: the primary key, once for each id.
 */
type Way = 'all' | 'criticality' | 'source' | 'ids';

const IN_RANGE = `t.id >= $1 and t.id < $2`;

const texts: Record<Way, (direction: 'asc' | 'desc') => string> = {
  all: (direction) => `
    select ${TARGET_COLUMNS} from query.targets t
    where ${IN_RANGE}
    order by t.id ${direction} limit $3`,
  criticality: (direction) => perCriticality(direction, ''),
  source: (direction) => perCriticality(direction, 'and t.source = $5'),
  // An id's row is looked up before the other conditions are asked (limit keeps them outside): were they beside it, a
  // planner that takes a source to be rare reads all of that source instead.
  ids: (direction) => `
    select t.* from unnest($4::text[]) as wanted (id) cross join lateral (
      select ${TARGET_COLUMNS} from query.targets t
      where t.id = wanted.id and ${IN_RANGE} limit 1
    ) t
    where t.criticality = any($5) and ($6::text is null or t.source = $6)
    order by t.id ${direction} limit $3`,
};

function perCriticality(direction: 'asc' | 'desc', condition: string): string {
  return `
    select t.* from unnest($4::smallint[]) as c (criticality) cross join lateral (
      select ${TARGET_COLUMNS} from query.targets t
      where t.criticality = c.criticality ${condition} and ${IN_RANGE}
      order by t.id ${direction} limit $3
    ) t
    order by t.id ${direction} limit $3`;
}

const statements = Object.fromEntries(
  (['all', 'criticality', 'source', 'ids'] as const).flatMap((way) =>
    (['newest', 'oldest'] as const).map((order): [`${Way}-${Order}`, Statement] => [
      `${way}-${order}`,
      { name: `list-${way}-${order}`, text: texts[way](order === 'newest' ? 'desc' : 'asc') },
    ]),
  ),
) as Record<`${Way}-${Order}`, Statement>;

/** The query for what comes after an id (undefined: from the first), so many targets at most. */
export function listQuery(filter: Filter, order: Order, after: string | undefined, limit: number): Query {
  const [fromId, beforeId] = idRange(filter, order, after);
  const criticalities = range(filter.minCriticality, filter.maxCriticality);
  const { ids, source } = filter;
  if (ids !== undefined) {
    const wanted = ids.filter((id) => id >= fromId && id < beforeId);
    // The range drawn tight around the ids prunes partitions, also in a plan made before the ids are known.
    const values = [
      wanted.at(0) ?? fromId,
      above(wanted.at(-1) ?? fromId),
      limit,
      wanted,
      criticalities,
      source ?? null,
    ];
    return { statement: statements[`ids-${order}`], values };
  }
  if (source !== undefined) {
    return { statement: statements[`source-${order}`], values: [fromId, beforeId, limit, criticalities, source] };
  }
  const all = criticalities.length === bounds.criticality.max - bounds.criticality.min + 1;
  return all
    ? { statement: statements[`all-${order}`], values: [fromId, beforeId, limit] }
    : { statement: statements[`criticality-${order}`], values: [fromId, beforeId, limit, criticalities] };
}

function idRange(filter: Filter, order: Order, after: string | undefined): [fromId: string, beforeId: string] {
  if (after === undefined) {
    return [filter.fromId, filter.beforeId];
  }
  return order === 'newest' ? [filter.fromId, after] : [above(after), filter.beforeId];
}

/** The lowest text above an id: ids are all of one length, so no other id lies between. */
function above(id: string): string {
  return `${id}0`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
