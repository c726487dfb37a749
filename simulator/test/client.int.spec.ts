import { EmitterError } from '@emitter/kit';
import { newUlid, targetId, TargetOrder } from '@emitter/proto';
import {
  compare,
  connectEmitter,
  createJournal,
  follow,
  individual,
  listAll,
  load,
  measureVisibility,
  promiseKept,
  several,
  type EmitterClient,
} from '../src';
import { startFakeDestroyer, type FakeDestroyer } from './fake-destroyer';
import { until } from './until';

const comet = { message: 'a comet ☄', criticality: 7, source: 'probe-1' };
const dust = { message: 'dust', criticality: 0, source: '' };

describe('a client over gRPC', () => {
  let destroyer: FakeDestroyer;
  let client: EmitterClient;

  beforeEach(async () => {
    destroyer = await startFakeDestroyer();
    client = connectEmitter(destroyer.address);
  });

  afterEach(async () => {
    client.close();
    await destroyer.stop();
  });

  it('plays the three scenarios', async () => {
    const requestId = newUlid(Date.now());
    const first = await individual(client, comet, { requestId });
    expect(first).toMatchObject({ eventId: requestId, targets: [{ id: targetId(requestId, 0), ...comet }] });
    const second = await several(client, [comet, dust]);
    expect(second.targets).toHaveLength(2);
    const third = await several(client, [dust], { requestId: newUlid(Date.now()), timeoutMs: 2_000 });
    const fourth = await individual(client, dust);
    const all = await listAll(client);
    expect(all.map(({ id }) => id)).toEqual(
      [fourth, third, second, first].flatMap(({ targets }) => targets.map(({ id }) => id).reverse()),
    );
    expect(all.at(-1)?.createdOn).toBeInstanceOf(Date);
  });

  it('asks for pages one after another, with the filter and the order', async () => {
    await several(
      client,
      Array.from({ length: 5 }, () => dust),
    );
    const sizes: number[] = [];
    const query = { filter: { minCriticality: 0 }, order: TargetOrder.TARGET_ORDER_OLDEST_FIRST, pageSize: 2 };
    for await (const page of client.list(query)) {
      sizes.push(page.length);
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(destroyer.lists.map(({ pageToken }) => pageToken)).toEqual(['', '2', '4']);
    expect(destroyer.lists[2]).toMatchObject({ filter: { minCriticality: 0, ids: [] }, order: 2, pageSize: 2 });
  });

  it('rejects with what the service said', async () => {
    destroyer.emitter.before = () => {
      throw new EmitterError('OVERLOADED', 'busy', { details: { retryAfterMs: 70 } });
    };
    await expect(individual(client, comet)).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'busy',
      details: { retryAfterMs: 70 },
    });
  });

  it('rejects when nobody answers, and when the time is over', async () => {
    const nobody = connectEmitter('127.0.0.1:1', { timeoutMs: 3_000 });
    await expect(individual(nobody, comet)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    nobody.close();
    destroyer.emitter.before = () => new Promise((resolve) => setTimeout(resolve, 500));
    await expect(individual(client, comet, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await expect(individual(client, comet, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('says what the service says of itself', async () => {
    expect(await client.readiness()).toEqual({ ready: true, reason: '', dependencies: [] });
  });

  it('keeps the promise under load while the service is stopped and started again', async () => {
    const journal = createJournal();
    let acknowledged = 0;
    const meter = await measureVisibility([client]);
    const loading = load({
      clients: [client],
      concurrency: 8,
      seed: 42,
      count: 400,
      targetsPerCall: 2,
      timeoutMs: 2_000,
      onSent: (request, since) => {
        journal.sent(request);
        meter.sent(request, since);
      },
      onAcknowledged: (request) => {
        journal.acknowledged(request);
        acknowledged++;
      },
    });
    await until(() => acknowledged > 50, 'the first acknowledgements');
    await destroyer.stop();
    destroyer = await startFakeDestroyer(destroyer.port, destroyer.emitter);
    const report = await loading;
    expect(report).toMatchObject({ calls: 400, acknowledged: 400, refused: 0, unknown: 0 });
    expect(await meter.settled(10_000)).toBe(true);
    await meter.stop();
    const verdict = compare({ ...journal.entries(), stored: destroyer.emitter.stored.values(), parked: [] });
    expect(promiseKept(verdict)).toBe(true);
    expect(verdict.storedTargets).toBe(800);
  });

  it('watches across a restart, and stops when told', async () => {
    const over = new AbortController();
    const seen: string[] = [];
    let begun = false;
    const following = follow({
      clients: [client],
      signal: over.signal,
      filter: { minCriticality: 1 },
      onBegun: () => (begun = true),
      onTargets: (targets) => void seen.push(...targets.map(({ message }) => message)),
    });
    await until(() => begun, 'the watch');
    await individual(client, comet);
    await until(() => seen.length === 1, 'the first target');
    await destroyer.stop();
    destroyer = await startFakeDestroyer(destroyer.port, destroyer.emitter);
    await destroyer.emitter.acquire({ targets: [dust] });
    await until(() => seen.length === 2, 'the second target');
    over.abort();
    await following;
    expect(seen).toEqual([comet.message, dust.message]);
  });
});
