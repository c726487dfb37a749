import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Latencies in milliseconds. All 0 when nothing was recorded. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Collects latencies in bounded memory. */
export interface LatencyRecorder {
  /** Notes one, in milliseconds. */
  record(milliseconds: number): void;
  summary(): LatencySummary;
}

const MICROSECONDS = 1_000;
const LONGEST_MICROSECONDS = 3_600 * 1_000_000;

/** A recorder on Node's HDR histogram: 3 significant digits from a microsecond to an hour, whatever the count. */
export function createLatencyRecorder(): LatencyRecorder {
  const histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST_MICROSECONDS, figures: 3 });
  return {
    record: (milliseconds) => {
      const microseconds = Math.round(milliseconds * MICROSECONDS);
      histogram.record(Math.min(Math.max(microseconds, 1), LONGEST_MICROSECONDS));
    },
    summary: () => {
      const { count } = histogram;
      const inMs = (microseconds: number): number => (count === 0 ? 0 : microseconds / MICROSECONDS);
      return {
        count,
        meanMs: inMs(histogram.mean),
        p50Ms: inMs(histogram.percentile(50)),
        p90Ms: inMs(histogram.percentile(90)),
        p99Ms: inMs(histogram.percentile(99)),
        maxMs: inMs(histogram.max),
      };
    },
  };
}
