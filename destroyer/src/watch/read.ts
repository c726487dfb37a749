import type { ReadModel } from '../read-model';
import type { Place } from './place';
import { feedAfter, feedAfterHere, feedBetween, horizon, ofOthers, type FeedAnswer, type FeedRow } from './statements';

type Queries = Pick<ReadModel, 'query'>;

/**
 * Where a watch from now on begins: whatever is not yet visible comes after it. It never goes back behind what a feed
 * has shown: a transaction of another database is known as such before the snapshot, so it may end at any time.
 */
export async function readHorizon(readModel: Queries): Promise<Place> {
  const others = await readModel.query<{ transaction: string }>(ofOthers, []);
  const known = others.map(({ transaction }) => transaction);
  const rows = await readModel.query<{ storedIn: string }>(horizon, [known]);
  // Always one row, which the type of an array cannot say.
  return { storedIn: BigInt(rows[0]?.storedIn ?? 0), id: '' };
}

/**
 * What comes after a place, in order, as much as one read takes; and whether more is stored but not yet visible.
 * @param here whether to look past transactions of other databases
 */
export async function readAfter(
  readModel: Queries,
  { storedIn, id }: Place,
  here: boolean,
): Promise<{ rows: FeedRow[]; hidden: boolean }> {
  const answers = await readModel.query<FeedAnswer>(here ? feedAfterHere : feedAfter, [String(storedIn), id]);
  return { rows: answers.filter(isRow), hidden: answers.some(({ hidden }) => hidden) };
}

/** What stands after a place up to another, in order, as much as one read takes. The feed must have passed both. */
export function readBetween(readModel: Queries, after: Place, upTo: Place): Promise<FeedRow[]> {
  return readModel.query<FeedRow>(feedBetween, [String(after.storedIn), after.id, String(upTo.storedIn), upTo.id]);
}

function isRow(answer: FeedAnswer): answer is FeedAnswer & FeedRow {
  return answer.storedIn !== null;
}
