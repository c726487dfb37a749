import type { RecordedEvent } from '../event-log';
import { readPage, type Queries } from './read-page';

/** A page is in memory while the next one is being read. */
const page = { maxEvents: 1_000, maxBytes: 4 * 1024 * 1024 };

/** Reads the events after one position up to another, a page ahead of whoever takes them. */
export async function* readHistory(queries: Queries, after: string, upTo: string): AsyncGenerator<RecordedEvent> {
  let ahead = readPage(queries, { ...page, after, upTo });
  for (;;) {
    const events = await ahead;
    const last = events.at(-1);
    if (last === undefined) {
      return;
    }
    ahead = readPage(queries, { ...page, after: last.position, upTo });
    // Whoever stops early does not wait for it.
    ahead.catch(() => undefined);
    yield* events;
  }
}
