import { bounds, isUlid, lowestUlid, range, textProblem, type TargetFilter } from '@emitter/proto';
import type { Violations } from '../violations';
import { everything, type Filter } from './filter';

/** google.protobuf.Timestamp ends with the year 9999; `Date` says NaN for what it cannot hold. */
const MAX_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Makes a filter of what a caller asked for, noting every field that is not what it must be. */
export function parseFilter(filter: TargetFilter | undefined, violations: Violations): Filter {
  if (filter === undefined) {
    return everything;
  }
  const minCriticality = criticality('filter.min_criticality', filter.minCriticality, bounds.criticality.min);
  const maxCriticality = criticality('filter.max_criticality', filter.maxCriticality, bounds.criticality.max);
  if (minCriticality > maxCriticality) {
    violations.add('filter.max_criticality', 'must not be below filter.min_criticality');
  }
  const from = time('filter.created_from', filter.createdFrom);
  const before = time('filter.created_before', filter.createdBefore);
  if (from !== undefined && before !== undefined && before <= from) {
    violations.add('filter.created_before', 'must be later than filter.created_from');
  }
  if (filter.source !== undefined) {
    violations.addProblem('filter.source', textProblem(filter.source, bounds.source));
  }
  return {
    minCriticality,
    maxCriticality,
    fromId: from === undefined ? everything.fromId : lowestUlid(from),
    beforeId: before === undefined ? everything.beforeId : lowestUlid(before),
    source: filter.source,
    ids: ids(filter.ids),
  };

  function criticality(field: string, value: number | undefined, otherwise: number): number {
    if (value === undefined) {
      return otherwise;
    }
    if (value < bounds.criticality.min || value > bounds.criticality.max) {
      violations.add(field, `must be ${range(bounds.criticality)}`);
      return otherwise;
    }
    return value;
  }

  function time(field: string, value: Date | undefined): number | undefined {
    if (value === undefined) {
      return undefined;
    }
    const time = value.getTime();
    if (Number.isNaN(time) || time > MAX_TIME) {
      violations.add(field, 'must be a time before the year 10000');
      return undefined;
    }
    // No id is older than 1970.
    return Math.max(0, time);
  }

  function ids(values: readonly string[]): readonly string[] | undefined {
    if (values.length === 0) {
      return undefined;
    }
    if (values.length > bounds.filterIds.max) {
      violations.add('filter.ids', `must be at most ${bounds.filterIds.max.toLocaleString('en')} ids`);
      return undefined;
    }
    values.forEach((id, place) => {
      violations.addProblem(`filter.ids[${place}]`, isUlid(id) ? undefined : 'must be a ULID');
    });
    return [...new Set(values)].sort();
  }
}
