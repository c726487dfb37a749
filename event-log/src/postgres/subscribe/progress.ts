import type { Progress } from '../../event-log';
import { toCheckpoint } from '../position';
import type { Queries } from '../read-page';
import { statements } from '../statements';

interface ProgressRow {
  readonly checkpoint: string;
  readonly head: string;
  readonly behind: string;
}

/** How far a subscription is; one that never ran is at the log's beginning. */
export async function readProgress(queries: Queries, subscription: string): Promise<Progress> {
  const [row] = await queries.query<ProgressRow>(statements.progress, [subscription]);
  return {
    checkpoint: toCheckpoint(row?.checkpoint ?? '0'),
    head: toCheckpoint(row?.head ?? '0'),
    behind: Number(row?.behind ?? 0),
  };
}
