import { TARGETS_ACQUIRED, ulidTime, type Target } from '@emitter/proto';
import type { Acquired } from '../client';

/** A target as JSON shows it: the fields of the event's data, times as RFC 3339 UTC. */
export function targetJson({
  id,
  message,
  criticality,
  source,
  createdOn,
  updatedOn,
}: Target): Record<string, unknown> {
  return {
    id,
    message,
    criticality,
    source,
    createdOn: createdOn?.toISOString(),
    updatedOn: updatedOn?.toISOString(),
  };
}

/** What was acquired, as the event that the log keeps. */
export function eventJson({ eventId, targets }: Acquired): Record<string, unknown> {
  return {
    id: eventId,
    name: TARGETS_ACQUIRED,
    createdOn: new Date(ulidTime(eventId)).toISOString(),
    data: targets.map(targetJson),
  };
}

/** Pages as the text of one JSON array, a target a line, piece by piece, so that a list of any length needs one page of memory. */
export async function* jsonArray(pages: AsyncIterable<readonly Target[]>): AsyncGenerator<string, void, undefined> {
  let opening = '[';
  for await (const page of pages) {
    if (page.length > 0) {
      yield `${opening}\n${page.map((target) => `  ${JSON.stringify(targetJson(target))}`).join(',\n')}`;
      opening = ',';
    }
  }
  yield opening === '[' ? '[]\n' : '\n]\n';
}
