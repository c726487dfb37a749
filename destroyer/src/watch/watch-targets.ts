import type { ServerStream } from '@emitter/kit';
import type { WatchTargetsRequest, WatchTargetsResponse } from '@emitter/proto';
import type { Admission } from '../admission';
import { filterFingerprint, matcher, parseFilter } from '../filter';
import { encodedBytes, targetOf } from '../target';
import { Violations } from '../violations';
import { cursorOf, placeOf } from './cursor';
import type { Feed } from './feed';
import { placeAt } from './place';
import type { FeedRow } from './statements';

export interface WatchOptions {
  readonly feed: Feed;
  /** How many watches may be open. */
  readonly admission: Admission;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a watch needs of the call it belongs to. */
export interface WatchCall {
  readonly signal: AbortSignal;
  readonly draining: AbortSignal;
}

export type WatchTargets = (
  request: WatchTargetsRequest,
  stream: ServerStream<WatchTargetsResponse>,
  call: WatchCall,
) => Promise<void>;

/** Bytes of targets in one message, at most. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** When nothing passes the filter for so long, in milliseconds, a message without targets moves the cursor on. */
const CURSOR_EVERY_MS = 5_000;

/**
 * Streams targets as they become visible. A watch is a place in the feed and nothing else: it takes the next stretch
 * once the client has taken the one before, so a slow client holds up only itself. No state outlives the call, so
 * a cursor is good on any replica.
 *
 * @returns a function that never resolves: it rejects with EmitterError INVALID_ARGUMENT, PAGE_TOKEN_INVALID,
 * OVERLOADED, UNAVAILABLE (go on from the last cursor), SLOW_CONSUMER or CANCELLED
 */
export function createWatchTargets({ feed, admission, now }: WatchOptions): WatchTargets {
  return async (request, stream, { signal, draining }) => {
    const violations = new Violations();
    const filter = parseFilter(request.filter, violations);
    violations.throwIfAny();
    const start = placeOf(request.cursor, filter);
    const leave = admission.enter();
    const reader = feed.join();
    try {
      const matches = matcher(filter);
      const print = filterFingerprint(filter);
      let place = start ?? (await reader.now());
      let sentAt = now();
      await stream.write({ targets: [], cursor: cursorOf(place, print) });
      for (;;) {
        const stretch = await reader.after(place, signal, draining);
        place = stretch.to;
        const parts = cutToSize(stretch.rows.filter(matches));
        for (const [index, rows] of parts.entries()) {
          const last = index === parts.length - 1 ? undefined : rows.at(-1);
          const cursor = cursorOf(last === undefined ? place : placeAt(last), print);
          await stream.write({ targets: rows.map(targetOf), cursor });
          sentAt = now();
        }
        if (now() - sentAt >= CURSOR_EVERY_MS) {
          await stream.write({ targets: [], cursor: cursorOf(place, print) });
          sentAt = now();
        }
      }
    } finally {
      reader.leave();
      leave();
    }
  };
}

/** The rows in parts that each fit a message; none without a row. */
export function cutToSize(rows: readonly FeedRow[]): FeedRow[][] {
  const parts: FeedRow[][] = [];
  let part: FeedRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = encodedBytes(row);
    if (bytes + size > MAX_MESSAGE_BYTES) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += size;
  }
  return part.length === 0 ? parts : [...parts, part];
}
