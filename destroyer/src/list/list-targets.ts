import { EmitterError } from '@emitter/kit';
import type { ListTargetsRequest, ListTargetsResponse, Target } from '@emitter/proto';
import { encodedBytes, targetOf, type TargetRow } from '../target';
import type { Admission } from '../admission';
import { answerWithin, patienceMs } from '../deadline';
import type { ReadModel } from '../read-model';
import { parsePageRequest, type PageRequest } from './page';
import { pageToken } from './page-token';
import { listQuery } from './statements';

/** A page stays under this, encoded: most clients refuse messages over 4 MiB. */
const MAX_PAGE_BYTES = 3 * 1_048_576;
/** Rows read at once: with the longest messages, a third more than the largest page. */
const MAX_ROWS_READ = 1_000;

/** How long one call may take, in milliseconds, when the caller's deadline is later. */
const MAX_CALL_MS = 5_000;

/** A page of targets, straight from the database. */
export type ListTargets = (request: ListTargetsRequest, call: ListCall) => Promise<ListTargetsResponse>;

/** What a list needs of the call it belongs to. */
export interface ListCall {
  /** Milliseconds up to the caller's deadline. */
  remainingMs(): number;
}

export interface ListOptions {
  readonly readModel: Pick<ReadModel, 'query'>;
  /** How many lists may be under way. */
  readonly admission: Admission;
}

/**
 * Lists by keyset: a page goes on after the last id of the one before, so rows that are added meanwhile neither
 * repeat nor hide others. A large page is read in several bites, so that neither memory nor a statement's time
 * depends on what a caller asks for.
 *
 * @returns a function that rejects with EmitterError INVALID_ARGUMENT, PAGE_TOKEN_INVALID, OVERLOADED, UNAVAILABLE
 * or DEADLINE_EXCEEDED
 */
export function createListTargets({ readModel, admission }: ListOptions): ListTargets {
  return async (request, call) => {
    const page = parsePageRequest(request);
    const leave = admission.enter();
    return answerWithin(
      readPage(page, call).finally(leave),
      patienceMs(call.remainingMs(), MAX_CALL_MS),
      () =>
        new EmitterError('UNAVAILABLE', 'the read model has not answered in time', { details: { retryAfterMs: 500 } }),
    );
  };

  async function readPage({ filter, order, size, after }: PageRequest, call: ListCall): Promise<ListTargetsResponse> {
    const targets: Target[] = [];
    let bytes = 0;
    let last = after;
    for (;;) {
      if (call.remainingMs() <= 0) {
        // Nobody waits for the rest.
        throw new EmitterError('DEADLINE_EXCEEDED', "the caller's deadline has passed");
      }
      // One more than the page holds tells whether there is another page.
      const limit = Math.min(size - targets.length + 1, MAX_ROWS_READ);
      const { statement, values } = listQuery(filter, order, last, limit);
      const rows = await readModel.query<TargetRow>(statement, values);
      for (const row of rows) {
        bytes += encodedBytes(row);
        if (targets.length === size || bytes > MAX_PAGE_BYTES) {
          return { targets, nextPageToken: pageToken(last ?? '', filter, order) };
        }
        targets.push(targetOf(row));
        last = row.id;
      }
      if (rows.length < limit) {
        return { targets, nextPageToken: '' };
      }
    }
  }
}
