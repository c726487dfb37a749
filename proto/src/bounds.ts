/** What a request may hold; over a bound the answer is INVALID_ARGUMENT naming field and bound. */
export const bounds = {
  /** Targets in one acquisition. */
  targets: { min: 1, max: 1_000 },
  /** Unicode code points in a message. */
  message: { min: 1, max: 1_024 },
  /** 0 is noise, 10 is planet-sized. */
  criticality: { min: 0, max: 10 },
  /** Unicode code points in a source. */
  source: { min: 0, max: 128 },
  /** Bytes of an encoded event. */
  eventBytes: { max: 1_048_576 },
  /** How old a caller's request id may be, in milliseconds. */
  requestIdAge: { max: 24 * 60 * 60 * 1_000 },
  /** How far ahead of our clock a caller's request id may be, in milliseconds. */
  requestIdAhead: { max: 60_000 },
  /** Targets on a page. */
  pageSize: { min: 1, max: 10_000, default: 100 },
  /** Ids in a filter. */
  filterIds: { max: 1_000 },
} as const;

/** A bound as people read it: `1 to 1,024`. */
export function range(bound: { min: number; max: number }): string {
  return `${bound.min.toLocaleString('en')} to ${bound.max.toLocaleString('en')}`;
}
