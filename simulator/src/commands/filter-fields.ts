import { integer, list, optional, text } from '@emitter/kit';
import type { TargetFilter } from '@emitter/proto';
import { time } from './time-field';

/** Which targets, as flags. */
export const filterFields = {
  minCriticality: optional(integer({ doc: 'Only targets at least this critical, 0 to 10.', group: 'Filter' })),
  maxCriticality: optional(integer({ doc: 'Only targets at most this critical, 0 to 10.', group: 'Filter' })),
  createdFrom: optional(time({ doc: 'Only targets created at or after this time.', group: 'Filter' })),
  createdBefore: optional(time({ doc: 'Only targets created before this time.', group: 'Filter' })),
  source: optional(text({ doc: 'Only targets of this source.', group: 'Filter', minLength: 0 })),
  id: list(text({ doc: '', placeholder: 'ID' }), { doc: 'Only these targets.', group: 'Filter', default: [] }),
};

/** The values of those flags. */
export interface FilterValues {
  readonly minCriticality: number | undefined;
  readonly maxCriticality: number | undefined;
  readonly createdFrom: Date | undefined;
  readonly createdBefore: Date | undefined;
  readonly source: string | undefined;
  readonly id: readonly string[];
}

/** The filter that the flags ask for. Bounds are the service's to check: its answer names the field. */
export function filterOf(values: FilterValues): TargetFilter {
  const { minCriticality, maxCriticality, createdFrom, createdBefore, source, id } = values;
  return { minCriticality, maxCriticality, createdFrom, createdBefore, source, ids: [...id] };
}
