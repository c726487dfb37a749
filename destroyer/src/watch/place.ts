/**
 * A place in the order in which targets became visible: by the transaction that stored them, then by id.
 * What is at the place itself has been seen.
 */
export interface Place {
  /** The storing transaction's id (xid8: 64 bits, never reused). */
  readonly storedIn: bigint;
  /** The last target seen of that transaction; empty: none of it. */
  readonly id: string;
}

/** Below zero when a comes before b, above when after, 0 when they are the same place. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.storedIn !== b.storedIn) {
    return a.storedIn < b.storedIn ? -1 : 1;
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The place of a row that was read. */
export function placeAt({ storedIn, id }: { storedIn: string; id: string }): Place {
  return { storedIn: BigInt(storedIn), id };
}
