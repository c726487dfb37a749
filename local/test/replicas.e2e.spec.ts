import { newUlid } from '@emitter/proto';
import { connectEmitter, createJournal, load, newSeed, type EmitterClient } from '@emitter/simulator';
import type { ManagedService } from '../src/stack';
import { startTestStack, type TestStack } from './support/test-stack';
import { until } from './support/until';
import { nothingBroken, verdictOn } from './support/verdict';

describe('two destroyers and two deathstars', () => {
  let stack: TestStack;
  let secondDeathstar: ManagedService;
  let other: EmitterClient;

  beforeAll(async () => {
    stack = await startTestStack();
    const [destroyer, deathstar] = await Promise.all([stack.add('destroyer'), stack.add('deathstar')]);
    secondDeathstar = deathstar;
    other = connectEmitter(destroyer.address);
    await stack.ready();
  });

  afterAll(async () => {
    other.close();
    await stack.remove();
  });

  it('store a request once that is repeated on the other replica, and give the same answer', async () => {
    const requestId = newUlid(Date.now());
    const targets = [
      { message: 'one', criticality: 1, source: 'test' },
      { message: 'two', criticality: 2, source: 'test' },
    ];
    const [one, two] = await Promise.all([
      stack.client.acquire({ targets, requestId }),
      other.acquire({ targets, requestId }),
    ]);
    expect(two).toEqual(one);
    await expect(other.acquire({ targets, requestId })).resolves.toEqual(one);
    await until('they are stored', 10_000, async () => (await stack.stored()).length >= 2);
    expect((await stack.stored()).map(({ id }) => id).sort()).toEqual(one.targets.map(({ id }) => id).sort());
  });

  it('refuse other content under a request id, on either replica', async () => {
    const requestId = newUlid(Date.now());
    await stack.client.acquire({ targets: [{ message: 'first', criticality: 0, source: '' }], requestId });
    await expect(
      other.acquire({ targets: [{ message: 'second', criticality: 0, source: '' }], requestId }),
    ).rejects.toMatchObject({ code: 'REQUEST_ID_CONFLICT' });
  });

  it('page on where the other replica ended', async () => {
    await until('all three are stored', 10_000, async () => (await stack.stored()).length === 3);
    const everything = new Map<string, number>();
    let token = '';
    const clients = [stack.client, other];
    for (let page = 0; page === 0 || token !== ''; page++) {
      const asked = clients[page % 2] ?? other;
      const { targets, nextPageToken } = await asked.page({ pageSize: 1 }, token);
      targets.forEach(({ id }) => everything.set(id, (everything.get(id) ?? 0) + 1));
      token = nextPageToken;
    }
    expect([...everything.values()].every((times) => times === 1)).toBe(true);
    expect(everything.size).toBe(3);
  });

  it('carry on when the deathstar that projects is killed', async () => {
    const journal = createJournal();
    const running = load({
      clients: [stack.client, other],
      concurrency: 8,
      rate: 200,
      seed: newSeed(),
      durationMs: 3_000,
      onSent: (request) => journal.sent(request),
      onAcknowledged: (request) => journal.acknowledged(request),
    });
    await until('something is stored', 5_000, async () => (await stack.stored()).length > 50);
    await stack.deathstar.kill();
    await running;
    // Whichever projected, only the second is left.
    expect(secondDeathstar.running()).toBe(true);
    const { stored, broken } = await verdictOn(stack, journal, { alone: false });
    expect(broken).toEqual(nothingBroken);
    expect(stored).toBeGreaterThan(100);
  });
});
