import { encodedBytes } from '../target';
import { comparePlaces, placeAt, type Place } from './place';
import type { FeedRow } from './statements';

/** Rows that stand between two places, all of them. */
export interface Stretch {
  readonly from: Place;
  readonly to: Place;
  readonly rows: readonly FeedRow[];
}

/** The last stretches that the feed read, each beginning where the one before ends: read once, served to every watch. */
export class Recent {
  readonly #stretches: { readonly stretch: Stretch; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  add(stretch: Stretch): void {
    const bytes = stretch.rows.reduce((sum, row) => sum + encodedBytes(row), 0);
    this.#stretches.push({ stretch, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.maxBytes) {
      this.#bytes -= this.#stretches.shift()?.bytes ?? 0;
    }
  }

  /** What is known to come just after a place; undefined when the place is too far back, or nothing does. */
  after(place: Place): Stretch | undefined {
    const found = this.#stretches.find(({ stretch }) => comparePlaces(place, stretch.to) < 0)?.stretch;
    if (found === undefined || comparePlaces(place, found.from) < 0) {
      return undefined;
    }
    return comparePlaces(place, found.from) === 0
      ? found
      : { from: place, to: found.to, rows: found.rows.filter((row) => comparePlaces(place, placeAt(row)) < 0) };
  }
}
