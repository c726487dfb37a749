import { Follower, type FollowerOptions } from './follower';
import { comparePlaces, placeAt, type Place } from './place';
import { readBetween, readHorizon } from './read';
import type { Stretch } from './recent';

export type FeedOptions = Pick<FollowerOptions, 'readModel' | 'logger'> & Partial<FollowerOptions>;

/** One watch's place in the feed. */
export interface FeedReader {
  /** The place from which everything becomes visible that is not yet. */
  now(): Promise<Place>;
  /**
   * What comes after a place: waits until something does. A reader that is far behind reads from the database at its
   * own pace; one that is not shares what the follower read.
   * Rejects with the reason of a signal that aborts, or UNAVAILABLE when the database does not answer.
   */
  after(place: Place, signal: AbortSignal, draining: AbortSignal): Promise<Stretch>;
  leave(): void;
}

/** What becomes visible, for every watch of this process. It costs nothing while nobody watches. */
export interface Feed {
  join(): FeedReader;
}

export function createFeed({ pollMs = 1_000, maxRecentBytes = 8 * 1_048_576, ...rest }: FeedOptions): Feed {
  const options: FollowerOptions = { pollMs, maxRecentBytes, ...rest };
  let following: { readonly follower: Follower; readers: number } | undefined;

  return {
    join() {
      const joined = (following ??= { follower: new Follower(options), readers: 0 });
      joined.readers++;
      return {
        now: () => readHorizon(options.readModel),
        after: (place, signal, draining) => after(joined.follower, place, signal, draining),
        leave() {
          joined.readers--;
          if (joined.readers === 0) {
            joined.follower.stop();
            following = undefined;
          }
        },
      };
    },
  };

  async function after(follower: Follower, start: Place, signal: AbortSignal, draining: AbortSignal): Promise<Stretch> {
    let place = start;
    for (;;) {
      const recent = follower.recent.after(place);
      if (recent !== undefined) {
        return recent;
      }
      const tail = follower.tail;
      if (tail === undefined || comparePlaces(place, tail) >= 0) {
        await follower.moved.next([signal, draining]);
        continue;
      }
      const rows = await readBetween(options.readModel, place, tail);
      const last = rows.at(-1);
      if (last !== undefined) {
        return { from: place, to: placeAt(last), rows };
      }
      place = tail;
    }
  }
}
