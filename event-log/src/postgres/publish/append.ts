import { byteaArray, jsonbArray, textArray, type Postgres } from '@emitter/kit';
import type { OutgoingEvent } from '../../event-log';
import { statements } from '../statements';

/** Where an event stands, and whether what stands there under its id has its content. */
export interface Appended {
  readonly position: string;
  readonly same: boolean;
}

/** Appends events in their order, in one statement that commits by itself; answers for each in the same order. */
export type Append = (events: readonly OutgoingEvent[], timeoutMs: number) => Promise<readonly Appended[]>;

/** One row for all events, its arrays as text. */
interface AppendRow {
  readonly positions: string;
  /** Null: every event was new. */
  readonly same: string | null;
}

export function appendTo(postgres: Pick<Postgres, 'query'>): Append {
  return async (events, timeoutMs) => {
    const values = [
      textArray(events.map(({ id }) => id)),
      byteaArray(events.map(({ contentHash }) => contentHash)),
      byteaArray(events.map(({ payload }) => payload)),
      jsonbArray(events.map(({ attributes }) => JSON.stringify(attributes))),
    ];
    const [row] = await postgres.query<AppendRow>(statements.append, values, { timeoutMs });
    const positions = elements(row?.positions);
    if (positions.length !== events.length) {
      throw new Error(`the log answered for ${positions.length} of ${events.length} events`);
    }
    const same = elements(row?.same);
    return positions.map((position, i) => ({ position, same: same.length === 0 || same[i] === 't' }));
  };
}

/** The elements of an array's text: `{1,2}`. None of ours holds a comma. */
function elements(text: string | null | undefined): string[] {
  return typeof text !== 'string' ? [] : text.slice(1, -1).split(',');
}
