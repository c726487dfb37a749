import { EmitterError } from '@emitter/kit';
import { load, newSeed, type LatencySummary } from '@emitter/simulator';
import { title, type Stage } from './scenarios';
import type { Terminal } from './terminal';

/** What the summary shows. */
export interface Figures {
  /** Targets answered with OK. */
  readonly acquired: number;
  /** Targets that ListTargets gives back. */
  readonly stored: number;
  /** From sending a target to seeing it in a watch. */
  readonly visible: LatencySummary;
}

/** Enough for a p99 that one outlier does not decide. */
const count = 200;

/** Acquires more targets, one call each, four at a time, and waits until every one is visible. Gives their number. */
export async function acquireMore({ terminal, client, meter, signal }: Stage): Promise<number> {
  title(terminal, 'For the figures');
  const report = await terminal.step(
    `${count} more targets, one call each, four at a time`,
    async () => {
      const result = await load({
        clients: [client],
        concurrency: 4,
        seed: newSeed(),
        count,
        signal,
        onSent: (request, at) => meter.sent(request, at),
      });
      signal.throwIfAborted();
      if (result.acknowledged !== count || !(await meter.settled(10_000))) {
        const why = result.lastError?.message ?? 'deathstar has not stored all of them in time';
        throw new EmitterError('UNAVAILABLE', `${result.acknowledged} of ${count} targets were acquired: ${why}`);
      }
      return result;
    },
    ({ callsPerSecond }) => `${count} more targets, one call each: ${callsPerSecond.toFixed(0)} calls a second`,
  );
  return report.targetsAcknowledged;
}

/** The end of the story. */
export function printSummary(
  { line, style }: Pick<Terminal, 'line' | 'style'>,
  { acquired, stored, visible }: Figures,
): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const verdict = acquired === stored ? style.good('nothing lost, nothing stored twice') : style.bad('they differ');
  title({ line, style }, 'Summary');
  line(`  acquired           ${acquired} targets`);
  line(`  stored             ${stored} targets, ${verdict}`);
  line(`  acquire → visible  p50 ${ms(visible.p50Ms)}, p99 ${ms(visible.p99Ms)}`);
}
