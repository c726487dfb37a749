import type { Target } from '@emitter/proto';
import type { CallBounds, EmitterClient, ListQuery } from '../client';

/** Scenario (iii): every target that the query lets pass, page by page, held in memory. Stream `client.list` for a large list. */
export async function listAll(
  client: EmitterClient,
  query: ListQuery = {},
  bounds: CallBounds = {},
): Promise<Target[]> {
  const all: Target[] = [];
  for await (const page of client.list(query, bounds)) {
    all.push(...page);
  }
  return all;
}
