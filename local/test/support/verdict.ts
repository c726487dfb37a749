import { compare, type Comparison, type Journal } from '@emitter/simulator';
import type { TestStack } from './test-stack';
import { until } from './until';

/** What must be empty for the promise to be kept: acknowledged ⊆ stored or parked, stored once, whole, as it was said. */
export type Broken = Pick<Comparison, 'lost' | 'doubled' | 'altered' | 'torn' | 'foreign'>;

export const nothingBroken: Broken = { lost: [], doubled: [], altered: [], torn: [], foreign: [] };

/**
 * Holds what a load noted against what the database holds, once deathstar has caught up with the log.
 *
 * @param alone whether nobody else sent anything, so that whatever is not in the journal is foreign
 */
export async function verdictOn(
  stack: TestStack,
  journal: Journal,
  { alone = true }: { alone?: boolean } = {},
): Promise<{ readonly broken: Broken; readonly stored: number }> {
  const { sent, acknowledged } = journal.entries();
  let comparison: Comparison | undefined;
  await until('deathstar has stored everything acknowledged', 20_000, async () => {
    const [stored, parked] = [await stack.stored(), await stack.parked()];
    comparison = compare({ ...(alone ? { sent } : {}), acknowledged, stored, parked });
    return comparison.lost.length === 0 && comparison.torn.length === 0;
  }).catch(() => undefined);
  if (comparison === undefined) {
    throw new Error('the database did not answer');
  }
  const { lost, doubled, altered, torn, foreign, storedTargets } = comparison;
  return { broken: { lost, doubled, altered, torn, foreign }, stored: storedTargets };
}
