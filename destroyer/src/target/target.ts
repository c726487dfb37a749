import { ulidTime, type Target } from '@emitter/proto';

/** A row of query.targets, as every statement here gives it. */
export interface TargetRow {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
  readonly source: string;
  /** Null while it equals the creation time, which is in the id: so no time has to be read from text. */
  readonly updatedOn: Date | null;
}

/** The columns of a TargetRow, from query.targets as `t`. */
export const TARGET_COLUMNS =
  't.id, t.message, t.criticality, t.source, nullif(t.updated_on, t.created_on) as "updatedOn"';

/** A target as callers see it. */
export function targetOf({ id, message, criticality, source, updatedOn }: TargetRow): Target {
  const createdOn = new Date(ulidTime(id));
  return { id, message, criticality, source, createdOn, updatedOn: updatedOn ?? createdOn };
}

/** What a target takes in an encoded message besides its texts, at most: id, number, times, tags and lengths. */
const FRAME_BYTES = 96;

/** Bytes that a target takes in an encoded message, at most. */
export function encodedBytes({ message, source }: Pick<TargetRow, 'message' | 'source'>): number {
  return FRAME_BYTES + Buffer.byteLength(message) + Buffer.byteLength(source);
}
