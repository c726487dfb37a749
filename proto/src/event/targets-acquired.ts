import type { NewTarget } from '../generated/emitter/v1/target';
import { targetId, ulidTime } from '../identity';

/** The event's name on the log and in CloudEvents' `type`. */
export const TARGETS_ACQUIRED = 'targets.acquired';

/** A target inside the event; all times are the event's. */
export interface AcquiredTarget {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
  readonly source: string;
}

/** The event `targets.acquired` in memory. */
export interface TargetsAcquiredEvent {
  /** ULID. */
  readonly id: string;
  /** The time inside the id. */
  readonly createdOn: Date;
  /** In the caller's order. */
  readonly targets: readonly AcquiredTarget[];
}

/** The event of an id and what was acquired: the same in, the same out, on every replica. */
export function targetsAcquired(id: string, targets: readonly NewTarget[]): TargetsAcquiredEvent {
  return {
    id,
    createdOn: new Date(ulidTime(id)),
    targets: targets.map(({ message, criticality, source }, place) => ({
      id: targetId(id, place),
      message,
      criticality,
      source,
    })),
  };
}
