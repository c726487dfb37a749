import { messageBytes } from '../scale';
import type { LoadResult } from '../processes';
import type { Suite } from './suite';

const CONCURRENCIES = [1, 16, 64] as const;

/** How long an acquire call takes until it is durable, at several concurrencies, as fast as the answers come. */
export const latency: Suite = {
  name: 'latency',
  summary: 'acquire p50 and p99 at concurrency 1, 16 and 64',
  async run({ stack, generator, scale, say }) {
    const rounds: (LoadResult & { concurrency: number })[] = [];
    const job = {
      kind: 'load' as const,
      addresses: [stack.destroyer.address],
      messageBytes,
      seed: 1,
      visibility: false,
    };
    await generator.run({ ...job, concurrency: 16, durationMs: scale.warmUpMs });
    for (const concurrency of CONCURRENCIES) {
      say(`concurrency ${String(concurrency)}`);
      rounds.push({ concurrency, ...(await generator.run({ ...job, concurrency, durationMs: scale.roundMs })) });
      await stack.caughtUp();
    }
    return {
      ratios: {},
      figures: rounds.flatMap(({ concurrency, latency: found, callsPerSecond }) => [
        { what: `acquire at concurrency ${String(concurrency)}: p50`, value: found.p50Ms, unit: 'ms' },
        { what: `acquire at concurrency ${String(concurrency)}: p99`, value: found.p99Ms, unit: 'ms' },
        { what: `acquire at concurrency ${String(concurrency)}: calls`, value: callsPerSecond, unit: '/s' },
      ]),
      settings: { concurrencies: CONCURRENCIES, targetsPerCall: 1, messageBytes },
      raw: rounds,
    };
  },
};
