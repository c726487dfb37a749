import { messageBytes } from '../scale';
import { bounds, type Suite } from './suite';

const CONCURRENCY = 64;

/** From a call's start to its target being seen by a watch, at half of the load that the whole pipeline carries. */
export const visible: Suite = {
  name: 'visible',
  summary: 'acquire to visible through WatchTargets, at half load',
  async run({ stack, generator, scale, say }) {
    const job = {
      kind: 'load' as const,
      addresses: [stack.destroyer.address],
      messageBytes,
      concurrency: CONCURRENCY,
      visibility: true,
    };
    say('finding the full load');
    await generator.run({ ...job, durationMs: scale.warmUpMs, seed: 0 });
    const full = await generator.run({ ...job, durationMs: scale.roundMs, seed: 1 });
    await stack.caughtUp();
    const rate = Math.max(1, Math.floor(full.callsPerSecond / 2));
    say(`half of it: ${String(rate)} calls a second`);
    const half = await generator.run({ ...job, durationMs: scale.roundMs * 2, seed: 2, rate });
    await stack.caughtUp();
    if (half.visible === undefined || half.visible.neverSeen > 0) {
      throw new Error(`targets that were acknowledged never became visible: ${JSON.stringify(half.visible)}`);
    }
    const { p50Ms, p99Ms, maxMs } = half.visible;
    return {
      ratios: { visible_p99_ms: p99Ms },
      figures: [
        { what: 'full load, watched', value: full.callsPerSecond, unit: '/s' },
        { what: 'visible at half load: p50', value: p50Ms, unit: 'ms' },
        { what: 'visible_p99_ms', value: p99Ms, unit: 'ms', bound: bounds.visible_p99_ms },
        { what: 'visible at half load: slowest', value: maxMs, unit: 'ms' },
      ],
      settings: { concurrency: CONCURRENCY, targetsPerCall: 1, messageBytes, rate, arrivals: 'evenly spaced' },
      raw: { full, half },
    };
  },
};
