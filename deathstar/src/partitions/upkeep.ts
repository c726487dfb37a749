import { repeat, type Repetition } from '../schedule';
import type { Partitions } from './partitions';

const HOUR_MS = 60 * 60 * 1_000;
const AGAIN_MS = 5_000;

export interface PartitionUpkeepOptions {
  readonly partitions: Partitions;
  /** What ended before this time (milliseconds since 1970) is dropped; undefined keeps everything. */
  readonly oldest: () => number | undefined;
  readonly onDropped: (months: number) => void;
  /** Hears of every round that failed; the next one follows soon. */
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
  readonly againMs?: number;
}

/** Makes partitions ahead and drops those past retention: at once, then every hour, and soon again after a failure. */
export function startPartitionUpkeep(options: PartitionUpkeepOptions): Repetition {
  const { partitions, oldest, onDropped, onError, everyMs = HOUR_MS, againMs = AGAIN_MS } = options;
  return repeat(async () => {
    try {
      const cutoff = oldest();
      const dropped = cutoff === undefined ? 0 : await partitions.dropBefore(cutoff);
      if (dropped > 0) {
        onDropped(dropped);
      }
      await partitions.ensureAhead();
      return everyMs;
    } catch (error) {
      onError(error);
      return againMs;
    }
  });
}
