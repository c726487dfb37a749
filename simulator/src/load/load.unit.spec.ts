import fc from 'fast-check';
import { EmitterError } from '@emitter/kit';
import { compare, createJournal, promiseKept } from '../oracle';
import { fakeEmitter } from '../testing/fake-emitter';
import { load } from './load';

const NOON = Date.UTC(2026, 0, 2, 12);

describe('a load', () => {
  it('sends as many calls as asked, and accounts for each', async () => {
    const emitter = fakeEmitter();
    const report = await load({ clients: [emitter], concurrency: 4, seed: 1, count: 50, targetsPerCall: 3 });
    expect(report).toMatchObject({
      calls: 50,
      acknowledged: 50,
      refused: 0,
      unknown: 0,
      retries: 0,
      targetsAcknowledged: 150,
    });
    expect(report.latency.count).toBe(50);
    expect(report.callsPerSecond).toBeGreaterThan(0);
    expect(report.lastError).toBeUndefined();
    expect(emitter.stored.size).toBe(150);
  });

  it('sends the same requests for the same seed and time', async () => {
    const sent = async (seed: number) => {
      const emitter = fakeEmitter();
      await load({ clients: [emitter], concurrency: 1, seed, count: 5, messageBytes: 64, now: () => NOON });
      return emitter.calls;
    };
    expect(await sent(7)).toEqual(await sent(7));
    expect(await sent(7)).not.toEqual(await sent(8));
  });

  it('never has more calls under way than it may', async () => {
    const emitter = fakeEmitter();
    let underWay = 0;
    let most = 0;
    emitter.before = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    };
    await load({ clients: [emitter], concurrency: 3, seed: 1, count: 30 });
    expect(most).toBe(3);
  });

  it('goes round the addresses', async () => {
    const emitters = [fakeEmitter('a:1'), fakeEmitter('b:1')];
    await load({ clients: emitters, concurrency: 2, seed: 1, count: 10 });
    expect(emitters.map(({ calls }) => calls.length)).toEqual([5, 5]);
  });

  it('keeps the promise whatever answers are lost, and knows every outcome', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ok', 'lost before', 'lost after'), { maxLength: 20 }),
        async (fates) => {
          const emitter = fakeEmitter();
          const journal = createJournal();
          const fail = (fate: string) => (call: number) => {
            if (fates[call - 1] === fate) {
              throw new EmitterError('UNAVAILABLE', fate);
            }
          };
          emitter.before = fail('lost before');
          emitter.after = fail('lost after');
          const report = await load({
            clients: [emitter],
            concurrency: 10,
            seed: 3,
            count: 10,
            onSent: journal.sent,
            onAcknowledged: journal.acknowledged,
          });
          expect(report.acknowledged).toBe(10);
          const verdict = compare({ ...journal.entries(), stored: emitter.stored.values(), parked: [] });
          expect(promiseKept(verdict)).toBe(true);
          expect(verdict.unexpected).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('counts what is refused, and says why', async () => {
    const emitter = fakeEmitter();
    const failed: string[] = [];
    emitter.before = (call) => {
      if (call % 2 === 0) {
        throw new EmitterError('INVALID_ARGUMENT', 'too long');
      }
    };
    const report = await load({
      clients: [emitter],
      concurrency: 1,
      seed: 1,
      count: 10,
      onFailed: (_, error, outcome) => failed.push(`${outcome} ${error.code}`),
    });
    expect(report).toMatchObject({ calls: 10, acknowledged: 5, refused: 5, lastError: { message: 'too long' } });
    expect(new Set(failed)).toEqual(new Set(['refused INVALID_ARGUMENT']));
  });

  it('begins no call after its time, and settles those under way', async () => {
    const emitter = fakeEmitter();
    let ended = false;
    setTimeout(() => (ended = true), 60);
    emitter.before = async () => {
      await new Promise(setImmediate);
      if (!ended) {
        throw new EmitterError('UNAVAILABLE', 'away');
      }
    };
    const retries: string[] = [];
    const report = await load({
      clients: [emitter],
      concurrency: 2,
      seed: 1,
      durationMs: 20,
      timeoutMs: 1_000,
      onRetry: ({ code }) => retries.push(code),
    });
    expect(report).toMatchObject({ calls: 2, acknowledged: 2 });
    expect(retries.length).toBe(report.retries);
    expect(report.retries).toBeGreaterThan(1);
  });

  it('gives up what stays unknown, a bounded time after the end', async () => {
    const emitter = fakeEmitter();
    const over = new AbortController();
    emitter.before = () => {
      over.abort();
      throw new EmitterError('UNAVAILABLE', 'away for good');
    };
    const failed: string[] = [];
    const report = await load({
      clients: [emitter],
      concurrency: 1,
      seed: 1,
      signal: over.signal,
      settleMs: 40,
      onFailed: (_, __, outcome) => failed.push(outcome),
    });
    expect(report).toMatchObject({ calls: 1, acknowledged: 0, unknown: 1 });
    expect(failed).toEqual(['unknown']);
    expect(report.elapsedMs).toBeLessThan(5_000);
  });

  it('does nothing when it was over before it began', async () => {
    const emitter = fakeEmitter();
    const report = await load({ clients: [emitter], concurrency: 2, seed: 1, signal: AbortSignal.abort() });
    expect(report.calls).toBe(0);
    expect((await load({ clients: [emitter], concurrency: 2, seed: 1, count: 0 })).calls).toBe(0);
  });

  it('keeps a rate, and charges the calls that had to wait', async () => {
    const emitter = fakeEmitter();
    emitter.before = async (call) => {
      if (call === 1) {
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    };
    const report = await load({ clients: [emitter], concurrency: 1, seed: 1, count: 11, rate: 200 });
    expect(report.elapsedMs).toBeGreaterThanOrEqual(49);
    // The second call was due after 5 ms and could not begin before 60.
    expect(report.latency.p50Ms).toBeGreaterThan(10);
  });

  it('stops in the middle of a wait for the next turn', async () => {
    const report = await load({ clients: [fakeEmitter()], concurrency: 1, seed: 1, rate: 0.1, durationMs: 20 });
    expect(report.calls).toBe(1);
    expect(report.elapsedMs).toBeLessThan(5_000);
  });

  it.each([
    { clients: [], concurrency: 1 },
    { clients: [fakeEmitter()], concurrency: 0 },
    { clients: [fakeEmitter()], concurrency: 1.5 },
    { clients: [fakeEmitter()], concurrency: 1, targetsPerCall: 0 },
  ])('refuses options that make no sense', async (options) => {
    await expect(load({ seed: 1, count: 1, ...options })).rejects.toThrow(RangeError);
  });
});
