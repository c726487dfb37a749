import { bounds } from '@emitter/proto';
import { fingerprint } from '../token';

/** A filter that holds: every bound present, times as ids. */
export interface Filter {
  readonly minCriticality: number;
  readonly maxCriticality: number;
  /** The lowest id that passes: an id begins with its time, so a time range is a range of ids. */
  readonly fromId: string;
  /** The lowest id that no longer passes. */
  readonly beforeId: string;
  /** Exactly this source; undefined: any. */
  readonly source: string | undefined;
  /** Only these, sorted, each once; undefined: any. */
  readonly ids: readonly string[] | undefined;
}

/** Below every ULID. */
export const LOWEST_ID = '0';
/** Above every ULID: their first character is 0 to 7. */
export const ABOVE_ALL_IDS = '8';

/** Lets every target pass. */
export const everything: Filter = {
  minCriticality: bounds.criticality.min,
  maxCriticality: bounds.criticality.max,
  fromId: LOWEST_ID,
  beforeId: ABOVE_ALL_IDS,
  source: undefined,
  ids: undefined,
};

/** The same text for the same filter, another one for any other. */
export function filterFingerprint(filter: Filter): string {
  const { minCriticality, maxCriticality, fromId, beforeId, source, ids } = filter;
  return fingerprint(JSON.stringify([minCriticality, maxCriticality, fromId, beforeId, source ?? null, ids ?? null]));
}

/** What a filter looks at. */
export interface Filterable {
  readonly id: string;
  readonly criticality: number;
  readonly source: string;
}

/** The filter as a test of one target, for targets that are in memory already. */
export function matcher(filter: Filter): (target: Filterable) => boolean {
  const ids = filter.ids === undefined ? undefined : new Set(filter.ids);
  return ({ id, criticality, source }) =>
    criticality >= filter.minCriticality &&
    criticality <= filter.maxCriticality &&
    id >= filter.fromId &&
    id < filter.beforeId &&
    (filter.source === undefined || source === filter.source) &&
    (ids === undefined || ids.has(id));
}
