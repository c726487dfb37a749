import { setTimeout as sleep } from 'node:timers/promises';
import { createJournal, load, newSeed, seededRandom } from '@emitter/simulator';
import type { PostgresServer } from '../src/postgres';
import type { ManagedService } from '../src/stack';
import { startTestStack, type TestStack } from './support/test-stack';
import { nothingBroken, verdictOn } from './support/verdict';

/** How long processes are killed, in milliseconds. Longer by hand: EMITTER_CHAOS_MS=600000. */
const chaosMs = Number(process.env.EMITTER_CHAOS_MS ?? 20_000);

describe('kill -9 at random under load', () => {
  // The seed decides what is sent, what is killed, and how long everything is left alone; what the operating system
  // makes of it does not repeat, so a failure may need several runs of its seed.
  const seed = Number(process.env.EMITTER_CHAOS_SEED ?? newSeed());
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });

  afterAll(() => stack.remove());

  it(`loses no acknowledged target and stores none twice`, async () => {
    process.stderr.write(`chaos: EMITTER_CHAOS_SEED=${seed} repeats this run\n`);
    const journal = createJournal();
    const over = new AbortController();
    const killing = killAtRandom(stack, seed, over.signal);
    const report = await load({
      clients: [stack.client],
      concurrency: 16,
      rate: 300,
      seed,
      durationMs: chaosMs,
      targetsPerCall: 3,
      timeoutMs: 2_000,
      onSent: (request) => journal.sent(request),
      onAcknowledged: (request) => journal.acknowledged(request),
    }).finally(() => over.abort());
    const kills = await killing;
    await stack.ready();

    const { stored, broken } = await verdictOn(stack, journal);
    process.stderr.write(
      `chaos: ${kills.join(' ')}; ${report.calls} calls, ${report.retries} repeats, ${stored} targets stored\n`,
    );
    expect(broken).toEqual(nothingBroken);
    // The load got through, each request to a known end, and every kind of process was killed.
    expect(report).toMatchObject({ acknowledged: report.calls, refused: 0, unknown: 0 });
    expect(report.calls).toBeGreaterThan(100);
    // What is killed around an event is never held against it: nothing was set aside, everything is stored.
    expect(stored).toBe(report.targetsAcknowledged);
    await expect(stack.query('select event_id, reason, error from projection.failed_events')).resolves.toEqual([]);
    expect(new Set(kills).size).toBe(3);
    // The log too holds every event once, although clients repeated themselves.
    const [log] = await stack.query<{ events: string; ids: string }>(
      'select count(*) as events, count(distinct id) as ids from event_log.events',
    );
    expect(log?.events).toBe(log?.ids);
    expect(Number(log?.events)).toBe(report.calls);
  }, 120_000);
});

type Victim = readonly [name: string, process: Pick<ManagedService, 'kill' | 'start'> | PostgresServer];

/** Kills and starts again until the signal; says what it killed. */
async function killAtRandom(stack: TestStack, seed: number, signal: AbortSignal): Promise<string[]> {
  const random = seededRandom(seed);
  const victims: [Victim, ...Victim[]] = [
    ['destroyer', stack.destroyer],
    ['deathstar', stack.deathstar],
    ['postgres', stack.postgres],
  ];
  const kills: string[] = [];
  // Every kind once to begin with, in whatever order; then as it comes.
  const first = [...victims].sort(() => random.next() - 0.5);
  while (!signal.aborted) {
    await sleep(random.integer(200, 1_500), undefined, { signal }).catch(() => undefined);
    const [name, victim] = first.pop() ?? random.pick(victims);
    await victim.kill();
    kills.push(name);
    await sleep(random.integer(0, 600));
    await victim.start();
  }
  return kills;
}
