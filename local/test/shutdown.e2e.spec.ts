import { setTimeout as sleep } from 'node:timers/promises';
import { createJournal, load, newSeed, type Journal, type LoadReport } from '@emitter/simulator';
import { startTestStack, type TestStack } from './support/test-stack';
import { nothingBroken, verdictOn } from './support/verdict';

describe('SIGTERM under load', () => {
  let stack: TestStack;
  let journal: Journal;

  beforeAll(async () => {
    stack = await startTestStack();
    journal = createJournal();
  });

  afterAll(() => stack.remove());

  function loadFor(durationMs: number): Promise<LoadReport> {
    return load({
      clients: [stack.client],
      concurrency: 16,
      rate: 300,
      seed: newSeed(),
      durationMs,
      onSent: (request) => journal.sent(request),
      onAcknowledged: (request) => journal.acknowledged(request),
    });
  }

  it.each(['destroyer', 'deathstar'] as const)(
    'to %s: exit code 0 inside the bound, and nothing is lost',
    async (name) => {
      const running = loadFor(2_500);
      await sleep(500);
      const started = Date.now();
      await expect(stack[name].stop()).resolves.toEqual({ code: 0, signal: null });
      expect(Date.now() - started).toBeLessThan(10_000);
      await stack[name].start();
      expect(await running).toMatchObject({ refused: 0, unknown: 0 });
      const { stored, broken } = await verdictOn(stack, journal);
      expect(broken).toEqual(nothingBroken);
      expect(stored).toBeGreaterThan(50);
    },
  );

  it.each(['destroyer', 'deathstar'] as const)('to %s twice: it ends at once, and nothing is lost', async (name) => {
    const running = loadFor(2_500);
    await sleep(500);
    // Nobody to talk to any more: the first signal's orderly stop would have to wait.
    await stack.postgres.kill();
    stack[name].signal('SIGTERM');
    stack[name].signal('SIGTERM');
    const started = Date.now();
    const { code, signal } = await stack[name].exit();
    expect(signal).toBeNull();
    // Two signals at once may reach the process as one; then it is the orderly stop's 0 or 1.
    expect([0, 1, 143]).toContain(code);
    expect(Date.now() - started).toBeLessThan(code === 143 ? 2_000 : 11_000);
    await stack.postgres.start();
    await stack[name].start();
    expect(await running).toMatchObject({ refused: 0, unknown: 0 });
    const { broken } = await verdictOn(stack, journal);
    expect(broken).toEqual(nothingBroken);
  });
});
