import type { Target } from '@emitter/proto';
import type { ListQuery } from '../client';
import { repeat, type RepeatOptions } from './repeat';

/**
 * Pages of targets, each asked for when the one before has been taken, and asked for again, of the next address,
 * after a failure: a page token is good on any replica.
 * @throws EmitterError when a page is refused or given up
 */
export async function* pages(
  query: ListQuery,
  options: RepeatOptions,
): AsyncGenerator<readonly Target[], void, undefined> {
  let pageToken = '';
  do {
    const token = pageToken;
    const repeated = await repeat((client, bounds) => client.page(query, token, bounds), options);
    if (repeated.outcome !== 'answered') {
      throw repeated.error;
    }
    yield repeated.answer.targets;
    pageToken = repeated.answer.nextPageToken;
  } while (pageToken !== '');
}
