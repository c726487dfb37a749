import type { Client } from 'pg';
import {
  appendBacklog,
  countRows,
  createCopyTable,
  oneTargetEvents,
  rowChunks,
  timedCopy,
  watchDraining,
} from '../database';
import { processUsage } from '../host';
import { median } from '../median';
import { messageBytes } from '../scale';
import { pidOf, type BenchStack } from '../stack';
import { bounds, type Suite } from './suite';

/** Rows a second that deathstar stores while it works off a backlog, beside one COPY of the same rows. */
export const deathstarVsCopy: Suite = {
  name: 'deathstar-vs-copy',
  summary: 'rows stored per second from a backlog, beside one COPY into an identical table',
  async run({ stack, scale, say }) {
    const client = await stack.connect();
    try {
      const rounds: Round[] = [];
      for (let round = 1; round <= scale.rounds; round++) {
        say(`round ${String(round)} of ${String(scale.rounds)}: ${String(scale.backlogEvents)} events`);
        const events = [...oneTargetEvents(scale.backlogEvents, round, messageBytes)];
        const deathstar = await deathstarRound(stack, client, events);
        const copyRowsPerSecond = await copyRound(client, events);
        rounds.push({ ...deathstar, copyRowsPerSecond });
      }
      const copy = median(rounds.map(({ copyRowsPerSecond }) => copyRowsPerSecond));
      const stored = median(rounds.map(({ rowsPerSecond }) => rowsPerSecond));
      return {
        ratios: { embedded_deathstar_vs_copy: stored / copy },
        figures: [
          { what: 'COPY: rows', value: copy, unit: '/s' },
          { what: 'deathstar: rows stored from a backlog', value: stored, unit: '/s' },
          {
            what: 'embedded_deathstar_vs_copy',
            value: stored / copy,
            unit: '×',
            bound: bounds.embedded_deathstar_vs_copy,
          },
        ],
        settings: {
          backlogEvents: scale.backlogEvents,
          eventBytes: 1_024,
          targetsPerEvent: 1,
          alternating: true,
          checkpointBetween: true,
          tablesEmptyBefore: true,
          statistic: 'median',
        },
        raw: rounds,
      };
    } finally {
      await client.end();
    }
  },
};

interface DeathstarRound {
  readonly events: number;
  readonly elapsedMs: number;
  readonly rowsPerSecond: number;
  readonly cpuSeconds: number;
}

type Round = DeathstarRound & { readonly copyRowsPerSecond: number };
type Events = Parameters<typeof appendBacklog>[1];

async function deathstarRound(stack: BenchStack, client: Client, events: Events): Promise<DeathstarRound> {
  await stack.caughtUp();
  await stack.deathstar.stop();
  await client.query('truncate projection.targets');
  await appendBacklog(stack, events);
  await client.query('checkpoint');
  await stack.deathstar.start();
  const cpuBefore = processUsage(pidOf(stack.deathstar)).cpuSeconds;
  const drained = await watchDraining(client);
  const cpuSeconds = processUsage(pidOf(stack.deathstar)).cpuSeconds - cpuBefore;
  await expectRows(client, 'projection.targets', events.length);
  return { ...drained, rowsPerSecond: (drained.events * 1_000) / drained.elapsedMs, cpuSeconds };
}

async function copyRound(client: Client, events: Events): Promise<number> {
  await createCopyTable(client);
  // Made beforehand, so that the stream is not held up by it.
  const chunks = [...rowChunks(events)];
  await client.query('checkpoint');
  const elapsedMs = await timedCopy(client, 'bench.targets', chunks);
  await expectRows(client, 'bench.targets', events.length);
  await client.query('drop table bench.targets');
  await client.query('checkpoint');
  return (events.length * 1_000) / elapsedMs;
}

async function expectRows(client: Client, table: string, expected: number): Promise<void> {
  const found = await countRows(client, table);
  if (found !== expected) {
    throw new Error(`${table} holds ${String(found)} rows instead of ${String(expected)}`);
  }
}
