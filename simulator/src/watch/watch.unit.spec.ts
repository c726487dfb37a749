import { EmitterError } from '@emitter/kit';
import { targetId } from '@emitter/proto';
import { load } from '../load';
import { fakeEmitter, type FakeEmitter } from '../testing/fake-emitter';
import { follow, measureVisibility } from '.';

function target(message: string) {
  return { message, criticality: 1, source: '' };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error('waited for 5 s in vain');
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('following what becomes visible', () => {
  function start(clients: FakeEmitter[], change: Partial<Parameters<typeof follow>[0]> = {}) {
    const over = new AbortController();
    const seen: string[] = [];
    const failures: string[] = [];
    let begun = 0;
    const following = follow({
      clients,
      signal: over.signal,
      onBegun: () => begun++,
      onTargets: (targets) => void seen.push(...targets.map(({ message }) => message)),
      onRetry: ({ code }) => failures.push(code),
      ...change,
    });
    return { over, seen, failures, following, begun: () => begun };
  }

  it.each([
    ['ends', undefined],
    ['fails', new EmitterError('UNAVAILABLE', 'server gone')],
  ])('goes on from the last cursor when a stream %s, on the next address', async (_, error) => {
    const emitter = fakeEmitter();
    const cursors: (string | undefined)[] = [];
    emitter.beforeWatch = (__, { cursor }) => cursors.push(cursor);
    const { over, seen, failures, following, begun } = start([emitter]);
    await until(() => begun() === 1);
    await emitter.acquire({ targets: [target('one')] });
    await until(() => seen.length === 1);
    emitter.breakWatches(error);
    await emitter.acquire({ targets: [target('two')] });
    await until(() => seen.length === 2);
    over.abort();
    await following;
    expect(seen).toEqual(['one', 'two']);
    expect(cursors).toEqual([undefined, '1']);
    expect(begun()).toBe(1);
    expect(failures).toEqual(error === undefined ? [] : ['UNAVAILABLE']);
  });

  it('passes the filter and the cursor on', async () => {
    const emitter = fakeEmitter();
    await emitter.acquire({ targets: [target('one'), target('two')] });
    const queries: unknown[] = [];
    emitter.beforeWatch = (_, query) => queries.push(query);
    const { over, seen, following } = start([emitter], { filter: { minCriticality: 1 }, cursor: '1' });
    await until(() => seen.length === 1);
    over.abort();
    await following;
    expect(seen).toEqual(['two']);
    expect(queries).toEqual([{ filter: { minCriticality: 1 }, cursor: '1' }]);
  });

  it('ends with the error when the service refuses the cursor', async () => {
    const emitter = fakeEmitter();
    emitter.beforeWatch = () => {
      throw new EmitterError('PAGE_TOKEN_INVALID', 'not yours');
    };
    await expect(start([emitter]).following).rejects.toMatchObject({ code: 'PAGE_TOKEN_INVALID' });
  });

  it('needs a client', async () => {
    await expect(start([]).following).rejects.toThrow('at least one client');
  });
});

describe('measuring visibility', () => {
  it('knows when everything that was sent has been seen, and how long it took', async () => {
    const emitter = fakeEmitter();
    const meter = await measureVisibility([emitter]);
    await load({ clients: [emitter], concurrency: 4, seed: 1, count: 20, targetsPerCall: 2, onSent: meter.sent });
    expect(await meter.settled(5_000)).toBe(true);
    expect(await meter.settled(5_000)).toBe(true);
    await meter.stop();
    expect(meter.waiting()).toBe(0);
    expect(meter.summary().count).toBe(40);
  });

  it('passes over what it was not told of, and says when something stays unseen', async () => {
    const emitter = fakeEmitter();
    const meter = await measureVisibility([emitter]);
    const requestId = '01JD0000000000000000000000';
    meter.sent({ requestId, targets: [target('never')] }, performance.now());
    await emitter.acquire({ targets: [target('of another')] });
    expect(await meter.settled(20)).toBe(false);
    expect(meter.waiting()).toBe(1);
    expect(emitter.stored.has(targetId(requestId, 0))).toBe(false);
    const settled = meter.settled(5_000);
    await emitter.acquire({ requestId, targets: [target('after all')] });
    expect(await settled).toBe(true);
    await meter.stop();
  });

  it('rejects when the watch is refused', async () => {
    const emitter = fakeEmitter();
    emitter.beforeWatch = () => {
      throw new EmitterError('INVALID_ARGUMENT', 'no');
    };
    await expect(measureVisibility([emitter])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
