import { processUsage, type ProcessUsage } from '../host';
import { messageBytes } from '../scale';
import { pidOf } from '../stack';
import { bounds, type Figure, type Suite } from './suite';

const CONCURRENCY = 64;

/** Resident memory of each service at the end of a stretch of full load, with everything that was measured before behind it. */
export const memory: Suite = {
  name: 'memory',
  summary: 'RSS of each service after full load',
  async run({ stack, generator, scale, say }) {
    say('full load');
    await generator.run({
      kind: 'load',
      addresses: [stack.destroyer.address],
      concurrency: CONCURRENCY,
      durationMs: scale.roundMs * 3,
      messageBytes,
      seed: 1,
      visibility: false,
    });
    const usage: Record<string, ProcessUsage> = {};
    const figures: Figure[] = [];
    for (const service of [stack.destroyer, stack.deathstar]) {
      const used = processUsage(pidOf(service));
      usage[service.name] = used;
      figures.push(
        { what: `${service.name}: RSS after full load`, value: used.rssMiB, unit: 'MiB', bound: bounds.rss_mib },
        { what: `${service.name}: highest RSS`, value: used.peakRssMiB, unit: 'MiB', bound: bounds.rss_mib },
      );
    }
    await stack.caughtUp();
    return {
      ratios: {},
      figures,
      settings: { concurrency: CONCURRENCY, targetsPerCall: 1, messageBytes, durationMs: scale.roundMs * 3 },
      raw: usage,
    };
  },
};
