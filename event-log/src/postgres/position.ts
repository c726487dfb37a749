import { EmitterError } from '@emitter/kit';
import type { Checkpoint, Position } from '../event-log';

/** A position in this log as the text that Postgres gives for a bigint. */
export function toPosition(position: string): Position {
  return position as Position;
}

/** This log has one partition, so a checkpoint is one position; 0 is before the first event. */
export function toCheckpoint(position: string): Checkpoint {
  return position as Checkpoint;
}

/** @throws EmitterError INVALID_ARGUMENT: a checkpoint of another log, or none at all */
export function fromCheckpoint(checkpoint: Checkpoint): string {
  if (!/^\d{1,18}$/.test(checkpoint)) {
    throw new EmitterError('INVALID_ARGUMENT', 'the checkpoint is not one of this event log');
  }
  return checkpoint;
}
