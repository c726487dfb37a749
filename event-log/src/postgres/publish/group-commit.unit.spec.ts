import { ConnectionFailure, type EmitterError } from '@emitter/kit';
import fc from 'fast-check';
import type { OutgoingEvent } from '../../event-log';
import type { Append, Appended } from './append';
import { defaultLimits, GroupCommit, type GroupCommitLimits } from './group-commit';

let made = 0;
function event(overrides: Partial<OutgoingEvent> = {}): OutgoingEvent {
  made += 1;
  return { id: `e${made}`, contentHash: Buffer.alloc(1), payload: Buffer.alloc(10), attributes: {}, ...overrides };
}

function events(count: number): OutgoingEvent[] {
  return Array.from({ length: count }, () => event());
}

/** A log in memory that keeps every append; `next` settles the one under way. */
class Log {
  readonly appends: OutgoingEvent[][] = [];
  readonly #settle: ((outcome: Error | undefined) => void)[] = [];
  #position = 0;

  readonly append: Append = (batch) => {
    this.appends.push([...batch]);
    return new Promise((resolve, reject) => {
      this.#settle.push((error) => (error === undefined ? resolve(this.#positions(batch)) : reject(error)));
    });
  };

  /** Waits for an append and settles it. */
  async next(error?: Error): Promise<void> {
    while (this.#settle.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#settle.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #positions(batch: readonly OutgoingEvent[]): Appended[] {
    return batch.map(() => ({ position: String((this.#position += 1)), same: true }));
  }
}

function groupCommit(log: { append: Append }, limits: Partial<GroupCommitLimits> = {}): GroupCommit {
  return new GroupCommit(log.append, { ...defaultLimits, ...limits });
}

const lost = new ConnectionFailure('lost', 'cut');
const timedOut = new ConnectionFailure('timeout', 'no answer');
const badData = new TypeError('cannot be held');

describe('group commit', () => {
  it('appends together what comes in one turn, and what comes during an append in the next', async () => {
    const log = new Log();
    const publisher = groupCommit(log);
    const first = [publisher.publish(event()), publisher.publish(event())];
    await new Promise((resolve) => setImmediate(resolve));
    const second = events(3).map((each) => publisher.publish(each));
    expect(publisher.waiting).toBe(3);
    await log.next();
    expect(await Promise.all(first)).toEqual(['1', '2']);
    await log.next();
    expect(await Promise.all(second)).toEqual(['3', '4', '5']);
    expect(log.appends.map(({ length }) => length)).toEqual([2, 3]);
  });

  it('keeps every batch within its bounds and the order of the calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { minLength: 1, maxLength: 60 }), async (sizes) => {
        const appends: OutgoingEvent[][] = [];
        let position = 0;
        const append: Append = (batch) => {
          appends.push([...batch]);
          return Promise.resolve(batch.map(() => ({ position: String((position += 1)), same: true })));
        };
        const publisher = groupCommit({ append }, { batchEvents: 7, batchBytes: 100 });
        const all = sizes.map((size) => event({ payload: Buffer.alloc(size * 3) }));
        await Promise.all(all.map((each) => publisher.publish(each)));
        expect(appends.flat()).toEqual(all);
        for (const batch of appends) {
          const bytes = batch.reduce((sum, { payload }) => sum + payload.length, 0);
          expect(batch.length).toBeLessThanOrEqual(7);
          expect(bytes <= 100 || batch.length === 1).toBe(true);
        }
      }),
    );
  });

  it('refuses at once what is over the queue’s bounds', async () => {
    const log = new Log();
    const publisher = groupCommit(log, { queuedEvents: 2, queuedBytes: 25 });
    const kept = [publisher.publish(event()), publisher.publish(event())];
    await expect(publisher.publish(event())).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterMs: 200 },
    });
    await log.next();
    await Promise.all(kept);
    const large = publisher.publish(event({ payload: Buffer.alloc(100) }));
    await expect(publisher.publish(event())).rejects.toMatchObject({ code: 'OVERLOADED' });
    await log.next();
    await large;
  });

  it('drops what was aborted before it was sent, and answers for what was sent', async () => {
    const log = new Log();
    const publisher = groupCommit(log, { batchEvents: 2 });
    const [sent, dropped] = [new AbortController(), new AbortController()];
    const first = publisher.publish(event(), sent.signal);
    await new Promise((resolve) => setImmediate(resolve));
    const second = publisher.publish(event(), dropped.signal);
    const outcomes = Promise.allSettled([first, second]);
    sent.abort();
    dropped.abort();
    await log.next();
    expect(await outcomes).toMatchObject([{ value: '1' }, { reason: { code: 'DEADLINE_EXCEEDED' } }]);
    expect(log.appends).toHaveLength(1);
  });

  it('tries an append once more when its connection was lost', async () => {
    const log = new Log();
    const publisher = groupCommit(log);
    const published = publisher.publish(event());
    await log.next(lost);
    await log.next();
    await expect(published).resolves.toBe('1');
    expect(log.appends[0]).toEqual(log.appends[1]);
  });

  it('is UNAVAILABLE when the second try fails too', async () => {
    const log = new Log();
    const published = groupCommit(log).publish(event());
    published.catch(() => undefined);
    await log.next(lost);
    await log.next(lost);
    await expect(published).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: lost });
  });

  it('does not try again when there is no time left, and gives up all that waits', async () => {
    const log = new Log();
    const publisher = groupCommit(log, { appendTimeoutMs: 0 });
    const published = [publisher.publish(event())];
    await new Promise((resolve) => setImmediate(resolve));
    published.push(publisher.publish(event()));
    const outcomes = Promise.allSettled(published);
    await log.next(timedOut);
    expect((await outcomes).map((each) => (each as { reason: EmitterError }).reason.code)).toEqual([
      'UNAVAILABLE',
      'UNAVAILABLE',
    ]);
    expect(publisher.waiting).toBe(0);
    const later = publisher.publish(event());
    await log.next();
    await expect(later).resolves.toBe('1');
  });

  it('finds the one event that cannot be held, and appends the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(39), async (count, place) => {
        const all = events(count);
        const bad = all[place % count];
        const append: Append = (batch) =>
          bad !== undefined && batch.includes(bad)
            ? Promise.reject(badData)
            : Promise.resolve(batch.map(({ id }) => ({ position: id, same: true })));
        const publisher = groupCommit({ append });
        const outcomes = await Promise.allSettled(all.map((each) => publisher.publish(each)));
        outcomes.forEach((outcome, i) => {
          expect(outcome).toMatchObject(
            all[i] === bad ? { reason: { code: 'INTERNAL', cause: badData } } : { value: all[i]?.id },
          );
        });
      }),
    );
  });

  it('tells a conflict from a retry', async () => {
    const append: Append = () =>
      Promise.resolve([
        { position: '1', same: true },
        { position: '1', same: false },
      ]);
    const publisher = groupCommit({ append });
    const one = event();
    const outcomes = await Promise.allSettled([publisher.publish(one), publisher.publish(one)]);
    expect(outcomes).toMatchObject([{ value: '1' }, { reason: { code: 'REQUEST_ID_CONFLICT' } }]);
  });

  it('measures every append', async () => {
    const measured: unknown[] = [];
    const log = new Log();
    const publisher = new GroupCommit(log.append, { ...defaultLimits, appendTimeoutMs: 0 }, (m) => measured.push(m));
    const ok = publisher.publish(event());
    await log.next();
    await ok;
    const failed = publisher.publish(event()).catch(() => undefined);
    await log.next(timedOut);
    await failed;
    expect(measured).toMatchObject([
      { events: 1, failed: false },
      { events: 1, failed: true },
    ]);
  });

  it('answers for everything before it closes, and refuses what comes after', async () => {
    const log = new Log();
    const publisher = groupCommit(log);
    const published = publisher.publish(event());
    const closed = publisher.close();
    await expect(publisher.publish(event())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await log.next();
    await closed;
    await expect(published).resolves.toBe('1');
    await groupCommit(log).close();
  });
});
