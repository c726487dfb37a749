import type { Client } from 'pg';
import { countRows, oneTargetEvents, rowChunks, timedCopy } from '../database';
import type { ListResult } from '../processes';
import type { Suite } from './suite';

const QUERIES = [
  { what: 'all, 100 a page', pageSize: 100, filter: {} },
  { what: 'all, 1,000 a page', pageSize: 1_000, filter: {} },
  { what: 'criticality 8 and over, 100 a page', pageSize: 100, filter: { minCriticality: 8 } },
  { what: 'one source of a hundred, 100 a page', pageSize: 100, filter: { source: 'probe-12' } },
] as const;

const CONCURRENCY = 4;

/** Pages a second that ListTargets gives on a large read model, walked from the newest target on. */
export const list: Suite = {
  name: 'list',
  summary: 'ListTargets pages per second on a million rows',
  async run({ stack, generator, scale, say }) {
    const client = await stack.connect();
    try {
      say(`filling the read model with ${String(scale.listRows)} rows`);
      await fill(client, scale.listRows);
    } finally {
      await client.end();
    }
    const rounds: (ListResult & { what: string })[] = [];
    for (const { what, pageSize, filter } of QUERIES) {
      say(what);
      const job = {
        kind: 'list',
        address: stack.destroyer.address,
        concurrency: CONCURRENCY,
        pageSize,
        filter,
      } as const;
      await generator.list({ ...job, durationMs: scale.warmUpMs });
      rounds.push({ what, ...(await generator.list({ ...job, durationMs: scale.roundMs })) });
    }
    return {
      ratios: {},
      figures: rounds.flatMap(({ what, pagesPerSecond, latency }) => [
        { what: `list ${what}`, value: pagesPerSecond, unit: 'pages/s' },
        { what: `list ${what}: p99`, value: latency.p99Ms, unit: 'ms' },
      ]),
      settings: { rows: scale.listRows, concurrency: CONCURRENCY, order: 'newest first', messages: 'short sentences' },
      raw: rounds,
    };
  },
};

async function fill(client: Client, rows: number): Promise<void> {
  const missing = rows - (await countRows(client, 'projection.targets'));
  if (missing <= 0) {
    return;
  }
  // The ids reach back from now and may begin in the month before.
  await client.query("select projection.ensure_partitions(now() - interval '1 day', now())");
  await timedCopy(client, 'projection.targets', rowChunks(oneTargetEvents(missing, Date.now())));
  await client.query('analyze projection.targets');
  await client.query('checkpoint');
}
