import { declareConfig, type ConfigValues, optional, text } from '@emitter/kit';
import type { Target } from '@emitter/proto';
import { isNotDestroyer } from '../client';
import { targetJson } from '../scenarios';
import { follow } from '../watch';
import type { World } from './world';
import { connectAll, connectionFields } from './connection';
import { filterFields, filterOf } from './filter-fields';
import { writeAll } from './output';

export const watchConfig = declareConfig(
  'simulator watch',
  {
    cursor: optional(text({ doc: 'Where to go on from: the cursor of an earlier line. Default: from now on.' })),
    ...filterFields,
    ...connectionFields,
  },
  {
    summary: 'Prints targets as they become visible, a line of JSON each, until stopped.',
    examples: ['simulator watch --min-criticality 8'],
    variablePrefix: 'EMITTER_',
  },
);

/** `simulator watch`: a live view that gets over broken connections by itself. */
export async function watch(values: ConfigValues<typeof watchConfig>, world: World): Promise<number> {
  const clients = connectAll(values);
  // While nobody answers, the same failure comes ten times a second.
  let said = '';
  try {
    await follow({
      clients,
      signal: world.signal,
      filter: filterOf(values),
      ...(values.cursor === undefined ? {} : { cursor: values.cursor }),
      onTargets: (targets, cursor) => {
        said = '';
        return writeAll(world.stdout, linesOf(targets, cursor));
      },
      onRetry: (error) => {
        if (isNotDestroyer(error)) {
          throw error; // another try gives the same answer
        }
        const text = `watch broken (${error.code}: ${error.message}); trying again\n`;
        if (text !== said) {
          said = text;
          world.stderr.write(text);
        }
      },
    });
    return 0;
  } finally {
    clients.forEach((client) => client.close());
  }
}

function linesOf(targets: readonly Target[], cursor: string): string[] {
  return targets.map((target) => `${JSON.stringify({ ...targetJson(target), cursor })}\n`);
}
