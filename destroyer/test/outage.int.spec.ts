import { createServer, connect as connectTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { callUnary, EmitterError, fixedCredential, type CallSettings } from '@emitter/kit';
import { openEventLog } from '@emitter/event-log';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import {
  AcquireTargetsRequest,
  type CheckReadinessResponse,
  DestroyerService,
  isUlid,
  ListTargetsRequest,
  newUlid,
} from '@emitter/proto';
import { eventually } from './support/eventually';
import { ensurePartitions, query } from './support/rows';
import { ownConnection, runDestroyer, type RunningDestroyer } from './support/run-destroyer';
import { stubEventLog } from './support/stub-event-log';

const target = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

/** The way to the database: it can be cut, and can swallow what is sent. */
class Way {
  readonly #sockets = new Set<Socket>();
  #mode: 'open' | 'cut' | 'silent' = 'open';

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(target: number): Promise<Way> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const way = new Way(server, (server.address() as AddressInfo).port);
    server.on('connection', (near) => way.#join(near, target));
    return way;
  }

  set(mode: 'open' | 'cut' | 'silent'): void {
    this.#mode = mode;
    if (mode === 'cut') {
      this.#sockets.forEach((socket) => socket.destroy());
    }
  }

  close(): void {
    this.set('cut');
    this.server.close();
  }

  #join(near: Socket, target: number): void {
    if (this.#mode === 'cut') {
      near.destroy();
      return;
    }
    const far = connectTcp(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => {
        if (this.#mode === 'open') {
          to.write(bytes);
        }
      });
    }
  }
}

let database: TestDatabase;
let way: Way;
let running: RunningDestroyer;

beforeAll(async () => {
  database = await createTestDatabase();
  await ensurePartitions(query(database), Date.now(), Date.now());
  way = await Way.to(database.port);
  running = await runDestroyer({
    database: { ...database, port: way.port },
    eventLog: openEventLog({
      url: `postgres://127.0.0.1:${way.port}/${database.name}`,
      login: fixedCredential(database.login('destroyer')),
      role: 'publisher',
    }),
  });
  await untilReady(true);
});

afterEach(async () => {
  way.set('open');
  await untilReady(true);
  await expect(acquire({})).resolves.toBeDefined();
});

afterAll(async () => {
  await running.stop();
  way.close();
  await database.drop();
});

function acquire(request: { requestId?: string }, settings: CallSettings = {}, from = running) {
  const message = AcquireTargetsRequest.fromPartial({ targets: [target], ...request });
  return callUnary(from.client, DestroyerService.acquireTargets, message, { timeoutMs: 10_000, ...settings });
}

const list = (settings: CallSettings = {}, from = running) =>
  callUnary(from.client, DestroyerService.listTargets, ListTargetsRequest.fromPartial({}), {
    timeoutMs: 10_000,
    ...settings,
  });

const readiness = (): Promise<CheckReadinessResponse> =>
  callUnary(running.client, DestroyerService.checkReadiness, {}, { timeoutMs: 5_000 });

const untilReady = (ready: boolean): Promise<void> =>
  eventually(async () => expect((await readiness()).ready).toBe(ready));

async function failure(work: Promise<unknown>): Promise<{ error: EmitterError; tookMs: number }> {
  const began = performance.now();
  const error = await work.then(
    () => Promise.reject(new Error('it succeeded')),
    (thrown: unknown) => thrown as EmitterError,
  );
  return { error, tookMs: performance.now() - began };
}

describe('without its database, destroyer', () => {
  it.each(['cut', 'silent'] as const)(
    'answers UNAVAILABLE inside the deadline, with the id to repeat (%s)',
    async (mode) => {
      way.set(mode);
      const { error, tookMs } = await failure(acquire({}, { timeoutMs: 4_000 }));
      expect(error.code).toBe('UNAVAILABLE');
      expect(error.details.retryAfterMs).toBeGreaterThan(0);
      expect(isUlid(error.details.requestId ?? '')).toBe(true);
      expect(tookMs).toBeLessThan(3_300);

      const requestId = newUlid(Date.now());
      const hasty = await failure(acquire({ requestId }, { timeoutMs: 1_000 }));
      expect(hasty.error).toMatchObject({ code: 'UNAVAILABLE', details: { requestId } });
      expect(hasty.tookMs).toBeLessThan(1_000);

      way.set('open');
      await eventually(async () => expect((await acquire({ requestId })).eventId).toBe(requestId));
    },
  );

  it.each(['cut', 'silent'] as const)('is known not to be ready within 2 s, and why (%s)', async (mode) => {
    way.set(mode);
    const began = Date.now();
    await untilReady(false);
    expect(Date.now() - began).toBeLessThan(2_500);
    const { reason, dependencies } = await readiness();
    expect(reason).toMatch(/event-log|read-model/);
    await eventually(async () => {
      for (const dependency of (await readiness()).dependencies) {
        expect(dependency).toMatchObject({ status: 3, lastError: expect.stringMatching(/.+/) as string });
        expect(dependency.since?.getTime()).toBeGreaterThanOrEqual(began - 1_000);
      }
    });
    expect(dependencies).toHaveLength(2);
  });

  it('says of a list that it cannot be had, inside the deadline', async () => {
    way.set('silent');
    const { error, tookMs } = await failure(list({ timeoutMs: 1_000 }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterMs: 500 } });
    expect(tookMs).toBeLessThan(1_000);
    way.set('cut');
    expect((await failure(list())).error.code).toBe('UNAVAILABLE');
  });

  it('keeps watches open, and they miss nothing', async () => {
    const client = ownConnection(running.address);
    const call = client.watchTargets({ filter: undefined, cursor: '' });
    const seen: string[] = [];
    let messages = 0;
    let ended: unknown;
    call.on('data', ({ targets }: { targets: { id: string }[] }) => {
      messages++;
      seen.push(...targets.map(({ id }) => id));
    });
    call.on('error', (error) => (ended = error));
    await eventually(() => expect(messages).toBe(1));
    way.set('cut');
    const id = newUlid(Date.now());
    await database.query(
      `insert into projection.targets (id, message, criticality, source, created_on, updated_on)
       values ($1, 'while it was away', 1, '', now(), now())`,
      [id],
    );
    await untilReady(false);
    expect(ended).toBeUndefined();
    way.set('open');
    await eventually(() => expect(seen).toEqual([id]));
    call.cancel();
    client.close();
  });
});

describe('with a log that fails in its own ways, destroyer', () => {
  it.each([
    [
      new EmitterError('OVERLOADED', 'too much', { details: { retryAfterMs: 100 } }),
      { code: 'OVERLOADED', details: { retryAfterMs: 100 } },
    ],
    [new EmitterError('REQUEST_ID_CONFLICT', 'used'), { code: 'REQUEST_ID_CONFLICT' }],
    [new Error('a secret'), { code: 'INTERNAL', message: 'an internal error; the log has the cause' }],
  ])('answers what it must (%s)', async (thrown, expected) => {
    const failing = await runDestroyer({
      database,
      eventLog: stubEventLog({ publish: () => Promise.reject(thrown) }),
    });
    expect((await failure(acquire({}, {}, failing))).error).toMatchObject(expected);
    await failing.stop();
  });

  it('does not wait for one that never answers', async () => {
    const stuck = await runDestroyer({
      database,
      eventLog: stubEventLog({ publish: () => new Promise(() => undefined) }),
      config: { publishTimeout: 300 },
    });
    const { error, tookMs } = await failure(acquire({}, {}, stuck));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterMs: 1_000 } });
    expect(tookMs).toBeLessThan(1_000);
    await stuck.stop();
  });
});

describe('with many clients that are idle or slow, destroyer', () => {
  it('serves the others, and its memory stays bounded', async () => {
    const idle = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connectTcp(running.destroyer.ports.api, '127.0.0.1');
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('connect', resolve));
        return socket;
      }),
    );
    const clients = Array.from({ length: 20 }, () => ownConnection(running.address));
    const slow = clients.flatMap((client) => {
      const calls = [client.watchTargets({ filter: undefined, cursor: '' }), client.streamAcquire()];
      calls.forEach((call) => call.on('error', () => undefined).pause());
      return calls;
    });
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 50 }, () => acquire({})));
      await list();
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1_048_576);
    slow.forEach((call) => call.cancel());
    clients.forEach((client) => client.close());
    idle.forEach((socket) => socket.destroy());
  });
});
