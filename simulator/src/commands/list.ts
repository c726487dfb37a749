import { boolean, declareConfig, type ConfigValues, integer, oneOf } from '@emitter/kit';
import { TargetOrder, type Target } from '@emitter/proto';
import { newSeed, seededRandom } from '../random';
import { pages } from '../repeat';
import { jsonArray } from '../scenarios';
import type { World } from './world';
import { connectAll, connectionFields } from './connection';
import { filterFields, filterOf } from './filter-fields';
import { writeAll } from './output';

const PAGE_SIZE = 1_000;
/** How often each address is asked for a page before the list is given up. */
const ROUNDS = 3;

export const listConfig = declareConfig(
  'simulator list',
  {
    limit: integer({ doc: 'At most so many targets.', default: 100, min: 1 }),
    all: boolean({ doc: 'All of them, however many.', default: false }),
    order: oneOf(['newest', 'oldest'], { doc: 'Which come first.', default: 'newest' }),
    ...filterFields,
    ...connectionFields,
  },
  {
    summary: 'Lists targets as a JSON array, straight from the read model.',
    examples: ['simulator list --min-criticality 5', 'simulator list --all --source probe-12 | jq length'],
    variablePrefix: 'EMITTER_',
  },
);

/** `simulator list --min-criticality 5`: scenario (iii) by hand. */
export async function list(values: ConfigValues<typeof listConfig>, world: World): Promise<number> {
  const limit = values.all ? Infinity : values.limit;
  const query = {
    filter: filterOf(values),
    order: values.order === 'oldest' ? TargetOrder.TARGET_ORDER_OLDEST_FIRST : TargetOrder.TARGET_ORDER_NEWEST_FIRST,
    pageSize: Math.min(limit, PAGE_SIZE),
  };
  const clients = connectAll(values);
  try {
    const found = pages(query, {
      clients,
      timeoutMs: values.timeout,
      signal: world.signal,
      maxAttempts: ROUNDS * clients.length,
      random: seededRandom(newSeed()),
    });
    await writeAll(world.stdout, jsonArray(firstOf(found, limit)));
    return 0;
  } finally {
    clients.forEach((client) => client.close());
  }
}

/** Pages cut after so many targets; no page is asked for beyond them. */
async function* firstOf(pages: AsyncIterable<readonly Target[]>, limit: number): AsyncGenerator<readonly Target[]> {
  let left = limit;
  for await (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) {
      return;
    }
  }
}
