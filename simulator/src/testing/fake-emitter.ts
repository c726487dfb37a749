import { EmitterError } from '@emitter/kit';
import { targetsAcquired, ulidOf, type Target } from '@emitter/proto';
import type { Acquired, Acquisition, EmitterClient, WatchQuery } from '../client';

/** An Emitter in memory, keyed on ids as the real one is, with failures on demand. For tests. */
export interface FakeEmitter extends EmitterClient {
  /** What is stored, by id. */
  readonly stored: Map<string, Target>;
  /** Calls of `acquire`, in order. */
  readonly calls: Acquisition[];
  /** Called before each acquisition; what it throws is thrown before anything is stored. */
  before: (call: number, signal: AbortSignal | undefined) => void | Promise<void>;
  /** Called after each acquisition; what it throws is thrown although everything is stored. */
  after: (call: number) => void | Promise<void>;
  /** Called before each watch begins. */
  beforeWatch: (watch: number, query: WatchQuery) => void;
  /** Breaks every watch that is open, with an error or without. */
  breakWatches(error?: Error): void;
}

/** An empty one, where everything succeeds. */
export function fakeEmitter(address = 'fake:1'): FakeEmitter {
  const stored = new Map<string, Target>();
  const order: Target[] = [];
  const watches = new Set<{ wake: () => void; broken: boolean; error?: Error }>();
  let watchCount = 0;

  function store(acquisition: Acquisition): Acquired {
    const eventId = acquisition.requestId ?? ulidOf(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    const event = targetsAcquired(eventId, acquisition.targets);
    const targets = event.targets.map((target) => ({
      ...target,
      createdOn: event.createdOn,
      updatedOn: event.createdOn,
    }));
    for (const target of targets) {
      if (!stored.has(target.id)) {
        stored.set(target.id, target);
        order.push(target);
      }
    }
    watches.forEach(({ wake }) => wake());
    return { eventId, targets };
  }

  const fake: FakeEmitter = {
    address,
    stored,
    calls: [],
    before: () => undefined,
    after: () => undefined,
    beforeWatch: () => undefined,
    async acquire(acquisition, bounds) {
      const call = fake.calls.push(acquisition);
      await fake.before(call, bounds?.signal);
      const acquired = store(acquisition);
      await fake.after(call);
      return acquired;
    },
    page: (query, pageToken) => {
      const from = Number(pageToken);
      const to = from + (query.pageSize ?? 100);
      return Promise.resolve({ targets: order.slice(from, to), nextPageToken: to < order.length ? String(to) : '' });
    },
    async *list(query) {
      const size = query?.pageSize ?? 100;
      for (let at = 0; at < order.length; at += size) {
        await Promise.resolve();
        yield order.slice(at, at + size);
      }
    },
    async *watch(query = {}, bounds = {}) {
      fake.beforeWatch(++watchCount, query);
      const { signal } = bounds;
      let at = query.cursor === undefined ? order.length : Number(query.cursor);
      const watch: { wake: () => void; broken: boolean; error?: Error } = { wake: () => undefined, broken: false };
      watches.add(watch);
      signal?.addEventListener('abort', () => watch.wake());
      try {
        yield { targets: [], cursor: String(at) };
        while (!watch.broken && signal?.aborted !== true) {
          const targets = order.slice(at);
          at += targets.length;
          if (targets.length > 0) {
            yield { targets, cursor: String(at) };
          } else {
            await new Promise<void>((resolve) => (watch.wake = resolve));
          }
        }
        if (signal?.aborted === true) {
          throw new EmitterError('CANCELLED', 'cancelled');
        }
        if (watch.error !== undefined) {
          throw watch.error;
        }
      } finally {
        watches.delete(watch);
      }
    },
    readiness: () => Promise.resolve({ ready: true, reason: '', dependencies: [] }),
    close: () => undefined,
    breakWatches(error) {
      for (const watch of watches) {
        watch.broken = true;
        if (error !== undefined) {
          watch.error = error;
        }
        watch.wake();
      }
    },
  };
  return fake;
}
