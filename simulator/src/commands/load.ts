import { boolean, declareConfig, type ConfigValues, duration, integer, optional } from '@emitter/kit';
import { bounds } from '@emitter/proto';
import { load as runLoad } from '../load';
import { newSeed } from '../random';
import { measureVisibility } from '../watch';
import type { World } from './world';
import { connectAll, connectionFields } from './connection';
import { writeAll } from './output';

export const loadConfig = declareConfig(
  'simulator load',
  {
    concurrency: integer({ doc: 'Calls under way at once.', default: 16, min: 1, max: 10_000 }),
    duration: duration({ doc: 'How long to begin calls; not used with --count.', default: '10s', min: '1ms' }),
    count: optional(integer({ doc: 'So many calls instead.', min: 1 })),
    rate: optional(integer({ doc: 'Calls each second. Default: as fast as the answers come.', min: 1 })),
    targetsPerCall: integer({
      doc: 'Targets in each call.',
      default: 1,
      min: bounds.targets.min,
      max: bounds.targets.max,
    }),
    messageBytes: optional(
      integer({
        doc: 'Bytes in each message. Default: a short sentence.',
        min: bounds.message.min,
        max: bounds.message.max,
      }),
    ),
    seed: optional(integer({ doc: 'Repeats a run: the same targets. Default: a new one, which is printed.' })),
    visibility: boolean({ doc: 'Watch too, and say how long targets take until they are visible.', default: false }),
    ...connectionFields,
  },
  {
    summary: 'Sends random targets as fast as the answers come, or at a rate, and prints figures as JSON.',
    examples: ['simulator load --concurrency 64 --duration 30s --message-bytes 1024 --visibility'],
    variablePrefix: 'EMITTER_',
  },
);

const SETTLE_MS = 30_000;

/** `simulator load`: exit code 0 when every call was acknowledged. */
export async function load(values: ConfigValues<typeof loadConfig>, world: World): Promise<number> {
  const { concurrency, targetsPerCall, timeout: timeoutMs, count, rate, messageBytes, seed = newSeed() } = values;
  const clients = connectAll(values);
  world.stderr.write(`seed ${String(seed)}\n`);
  try {
    const meter = values.visibility ? await measureVisibility(clients) : undefined;
    const { lastError, ...report } = await runLoad({
      clients,
      concurrency,
      seed,
      targetsPerCall,
      timeoutMs,
      settleMs: SETTLE_MS,
      signal: world.signal,
      ...(count === undefined ? { durationMs: values.duration } : { count }),
      ...(rate === undefined ? {} : { rate }),
      ...(messageBytes === undefined ? {} : { messageBytes }),
      ...(meter === undefined ? {} : { onSent: meter.sent }),
    });
    const allVisible = await meter?.settled(SETTLE_MS);
    await meter?.stop();
    const figures = {
      ...report,
      ...(meter === undefined ? {} : { visible: { ...meter.summary(), neverSeen: meter.waiting(), all: allVisible } }),
      ...(lastError === undefined ? {} : { lastError: `${lastError.code}: ${lastError.message}` }),
    };
    await writeAll(world.stdout, [`${JSON.stringify(figures, undefined, 2)}\n`]);
    return report.acknowledged === report.calls ? 0 : 1;
  } finally {
    clients.forEach((client) => client.close());
  }
}
