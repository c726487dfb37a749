import type { QueryOptions, Statement } from '@emitter/kit';
import type { RecordedEvent } from '../event-log';
import { toPosition } from './position';
import { statements } from './statements';

/** Whatever runs statements: the pool, or a session. */
export interface Queries {
  query<Row>(statement: Statement, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
}

/** A stretch of the log. */
export interface Page {
  /** Events after this position. */
  readonly after: string;
  /** Up to and with this one; unless told, what is visible now. */
  readonly upTo?: string;
  readonly maxEvents: number;
  /** Of payload; the first event comes however large it is. */
  readonly maxBytes: number;
}

interface EventRow {
  readonly position: string;
  readonly id: string;
  readonly payload: Buffer;
  readonly attributes: Record<string, string>;
  readonly recorded_on: Date;
}

/** The largest bigint: no position is beyond it. */
const end = '9223372036854775807';

/** Reads a page of events in the order of their positions; none when there is nothing after. */
export async function readPage(
  queries: Queries,
  { after, upTo = end, maxEvents, maxBytes }: Page,
): Promise<RecordedEvent[]> {
  const rows = await queries.query<EventRow>(statements.readEvents, [after, upTo, maxEvents, maxBytes]);
  return rows.map(({ position, id, payload, attributes, recorded_on: recordedOn }) => ({
    position: toPosition(position),
    id,
    payload,
    attributes,
    recordedOn,
  }));
}
