import type { ClientReadableStream } from '@grpc/grpc-js';
import type { PoolClient } from 'pg';
import { createPostgres, fixedCredential } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { newUlid, TargetFilter, WatchTargetsRequest, type Target, type WatchTargetsResponse } from '@emitter/proto';
import { createReadModel } from '../src/read-model';
import { readHorizon } from '../src/watch/read';
import { eventually } from './support/eventually';
import { ensurePartitions, query, store, type StoredTarget } from './support/rows';
import { ownConnection, runDestroyer, type RunningDestroyer } from './support/run-destroyer';
import { stubEventLog } from './support/stub-event-log';

let database: TestDatabase;
let running: RunningDestroyer;
const open: Watch[] = [];
/** Open still: one that a failed test left would hold up every other. */
const transactions = new Set<PoolClient>();

/** A watch and what it has received. */
interface Watch {
  readonly call: ClientReadableStream<WatchTargetsResponse>;
  readonly messages: WatchTargetsResponse[];
  readonly targets: Target[];
  cursor(): string;
  /** How it ended. */
  error?: Error & { code?: number };
}

beforeAll(async () => {
  database = await createTestDatabase();
  await ensurePartitions(query(database), Date.now(), Date.now());
  running = await runDestroyer({ database, eventLog: stubEventLog() });
});

afterEach(async () => {
  for (const client of transactions) {
    await client.query('rollback');
    client.release();
  }
  transactions.clear();
  open.splice(0).forEach(({ call }) => call.cancel());
});

afterAll(async () => {
  await running.stop();
  await database.drop();
});

async function watch(
  request: Partial<WatchTargetsRequest> = {},
  from: Pick<RunningDestroyer, 'client'> = running,
): Promise<Watch> {
  const opened = begin(request, from);
  await eventually(() => expect(opened.messages.length > 0 || opened.error !== undefined).toBe(true));
  return opened;
}

function begin(request: Partial<WatchTargetsRequest>, from: Pick<RunningDestroyer, 'client'>): Watch {
  const call = from.client.watchTargets(WatchTargetsRequest.fromPartial(request));
  const messages: WatchTargetsResponse[] = [];
  const targets: Target[] = [];
  const opened: Watch = { call, messages, targets, cursor: () => messages.at(-1)?.cursor ?? '' };
  call.on('data', (message: WatchTargetsResponse) => {
    messages.push(message);
    targets.push(...message.targets);
  });
  call.on('error', (error: Error) => (opened.error = error));
  open.push(opened);
  return opened;
}

let made = 0;
function some(count: number, fields: Partial<StoredTarget> = {}): StoredTarget[] {
  return Array.from({ length: count }, () => ({
    id: newUlid(Date.now()),
    message: `target ${made++}`,
    criticality: 5,
    source: '',
    ...fields,
  }));
}

async function transaction(): Promise<PoolClient> {
  const client = await database.admin.connect();
  await client.query('begin');
  // The transaction gets its number now, not when it first writes.
  await client.query('select pg_current_xact_id()');
  transactions.add(client);
  return client;
}

async function commit(client: PoolClient): Promise<void> {
  await client.query('commit');
  transactions.delete(client);
  client.release();
}

const ids = (targets: readonly { id: string }[]): string[] => targets.map(({ id }) => id);

async function expectSeen(watched: Watch, expected: readonly StoredTarget[]): Promise<void> {
  await eventually(() => expect(watched.targets.length).toBeGreaterThanOrEqual(expected.length));
  expect(ids(watched.targets).sort()).toEqual(ids(expected).sort());
}

describe('a watch', () => {
  it('begins with a message that has a cursor only, then shows what is stored from now on', async () => {
    await store(query(database), some(3));
    const watched = await watch();
    expect(watched.messages[0]?.targets).toEqual([]);
    expect(watched.messages[0]?.cursor).not.toBe('');
    const later = some(3);
    await store(query(database), later);
    await expectSeen(watched, later);
    const [first] = watched.targets;
    expect(later.find(({ id }) => id === first?.id)).toEqual({
      id: first?.id,
      message: first?.message,
      criticality: first?.criticality,
      source: first?.source,
    });
    expect(first?.updatedOn).toEqual(first?.createdOn);
  });

  it('is told at once, not at the next poll', async () => {
    const watched = await watch();
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      const targets = some(1);
      const before = performance.now();
      await store(query(database), targets);
      await eventually(() => expect(ids(watched.targets)).toContain(targets[0]?.id));
      waits.push(performance.now() - before);
    }
    expect(Math.min(...waits)).toBeLessThan(300);
  });

  it('goes on from any cursor on any replica, with nothing left out', async () => {
    const first = await watch();
    const targets = some(1_200);
    for (let at = 0; at < targets.length; at += 100) {
      await store(query(database), targets.slice(at, at + 100));
    }
    await expectSeen(first, targets);
    const other = await runDestroyer({ database, eventLog: stubEventLog() });
    for (const { cursor } of [first.messages[0], first.messages[2], first.messages.at(-1)] as WatchTargetsResponse[]) {
      const index = first.messages.findIndex((message) => message.cursor === cursor);
      const before = new Set(first.messages.slice(0, index + 1).flatMap((message) => ids(message.targets)));
      const resumed = await watch({ cursor }, other);
      await expectSeen(
        resumed,
        targets.filter(({ id }) => !before.has(id)),
      );
      resumed.call.cancel();
    }
    await other.stop();
  });

  it('never steps over a transaction that is still open when later ones commit', async () => {
    const watched = await watch();
    const slow = await transaction();
    const early = some(2, { message: 'early' });
    await store(slow, early);
    const late = some(2, { message: 'late' });
    await store(query(database), late);
    const later = await watch();
    await expect(eventually(() => expect(watched.targets).not.toEqual([]), 300)).rejects.toThrow();
    await commit(slow);
    await expectSeen(watched, [...early, ...late]);
    expect(watched.targets.map(({ message }) => message)).toEqual(['early', 'early', 'late', 'late']);
    // It began while the transaction was open, so what that one stores is still to come.
    await expectSeen(later, [...early, ...late]);
  });

  it('is not held up by a long transaction of another database', async () => {
    const other = await createTestDatabase({ migrated: false });
    const long = await other.admin.connect();
    await long.query('begin');
    await long.query('select pg_current_xact_id()');
    const watched = await watch();
    const targets = some(600);
    await store(query(database), targets.slice(0, 1));
    await store(query(database), targets.slice(1));
    await expectSeen(watched, targets);
    // One who begins before it all, on another replica, sees the same.
    const replica = await runDestroyer({ database, eventLog: stubEventLog() });
    await expectSeen(await watch({ cursor: watched.messages[0]?.cursor ?? '' }, replica), targets);
    await replica.stop();
    await long.query('rollback');
    long.release();
    await other.drop();
  });

  it('begins after what was visible, also while a transaction of another database ends', async () => {
    const other = await createTestDatabase({ migrated: false });
    const postgres = createPostgres({
      url: `postgres://127.0.0.1:${database.port}/${database.name}`,
      login: fixedCredential(database.login('destroyer')),
      applicationName: 'destroyer',
      maxConnections: 4,
    });
    const readModel = createReadModel(postgres, 1_000);
    const long = await other.admin.connect();
    try {
      for (let round = 0; round < 100; round++) {
        await long.query('begin');
        await long.query('select pg_current_xact_id()');
        const [target] = some(1);
        await store(query(database), target === undefined ? [] : [target]);
        // Some end before the horizon is asked, some while it is, some after.
        const asked = Array.from({ length: 4 }, () => readHorizon(readModel));
        await new Promise((resolve) => setTimeout(resolve, round % 4));
        await long.query('commit');
        const [row] = await database.query<{ storedIn: string }>(
          'select stored_in::text as "storedIn" from projection.targets where id = $1',
          [target?.id],
        );
        for (const { storedIn } of await Promise.all(asked)) {
          expect(storedIn).toBeGreaterThan(BigInt(row?.storedIn ?? 0));
        }
      }
    } finally {
      await postgres.close();
      long.release(true);
      await other.drop();
    }
  });

  it('leaves nothing out under many commits in odd orders', async () => {
    const watched = await watch();
    const targets = some(300);
    const lanes = Array.from({ length: 3 }, async (_, lane) => {
      for (let at = lane; at < targets.length; at += 15) {
        const client = await transaction();
        await store(
          client,
          targets.slice(at, at + 13).filter((_target, place) => place % 3 === 0),
        );
        await commit(client);
      }
    });
    await Promise.all(lanes);
    const { length } = await database.query('select from projection.targets where id = any($1)', [ids(targets)]);
    await eventually(() => {
      const seen = watched.targets.filter(({ id }) => ids(targets).includes(id));
      expect(new Set(ids(seen)).size).toBe(length);
    });
  });

  it('shows what passes its filter', async () => {
    const watched = await watch({ filter: TargetFilter.fromPartial({ minCriticality: 8, source: 'probe-1' }) });
    const wanted = some(3, { criticality: 9, source: 'probe-1' });
    await store(query(database), [...some(3), ...wanted, ...some(2, { criticality: 9 })]);
    await expectSeen(watched, wanted);
  });

  it('refuses a filter and a cursor that are not what they must be', async () => {
    const cursor = (await watch()).cursor();
    const refused = async (request: Partial<WatchTargetsRequest>): Promise<string> => {
      const { error } = await watch(request);
      expect(error?.code).toBe(3);
      return error?.message ?? '';
    };
    expect(await refused({ filter: TargetFilter.fromPartial({ minCriticality: 11 }) })).toContain('0 to 10');
    expect(await refused({ cursor: cursor.slice(1) })).toContain('cursor must be');
    expect(await refused({ cursor, filter: TargetFilter.fromPartial({ minCriticality: 1 }) })).toContain(
      'another filter',
    );
  });

  it('shares its reading with many others, and each sees everything', async () => {
    const watches = await Promise.all(Array.from({ length: 60 }, () => watch()));
    const targets = some(50);
    await store(query(database), targets);
    for (const watched of watches) {
      await expectSeen(watched, targets);
    }
    const text = await running.metrics.registry.metrics();
    expect(text).toMatch(/emitter_watches_open\{.*\} 60/);
    open.splice(0).forEach(({ call }) => call.cancel());
    await eventually(async () =>
      expect(await running.metrics.registry.metrics()).toMatch(/emitter_watches_open\{.*\} 0/),
    );
  });

  it('is refused at once when as many as may be are open', async () => {
    const few = await runDestroyer({ database, eventLog: stubEventLog(), config: { maxWatches: 2 } });
    await watch({}, few);
    const second = await watch({}, few);
    expect((await watch({}, few)).error?.code).toBe(8);
    second.call.cancel();
    await eventually(async () => expect((await watch({}, few)).error).toBeUndefined());
    await few.stop();
  });

  it('moves the cursor on when nothing passes the filter for long', async () => {
    let now = Date.now();
    const other = await runDestroyer({ database, eventLog: stubEventLog(), now: () => now });
    const watched = await watch({ filter: TargetFilter.fromPartial({ source: 'nobody' }) }, other);
    await store(query(database), some(1));
    await expect(eventually(() => expect(watched.messages).toHaveLength(2), 200)).rejects.toThrow();
    now += 5_000;
    await store(query(database), some(1));
    await eventually(() => expect(watched.messages).toHaveLength(2));
    expect(watched.targets).toEqual([]);
    expect(watched.cursor()).not.toBe(watched.messages[0]?.cursor);
    await other.stop();
  });

  it('ends when the service stops, with UNAVAILABLE and where to go on', async () => {
    const other = await runDestroyer({ database, eventLog: stubEventLog() });
    const watched = await watch({}, other);
    await other.stop();
    await eventually(() => expect(watched.error?.code).toBe(14));
  });

  it('gets over lost connections and lost notifications', async () => {
    const watched = await watch();
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'destroyer' and datname = $1`;
    const targets = some(4);
    await store(query(database), targets.slice(0, 2));
    await database.query(cut, [database.name]);
    await database.query(
      `insert into projection.targets (id, message, criticality, source, created_on, updated_on)
       select id, message, 5, '', now(), now() from unnest($1::text[], $2::text[]) as t (id, message)`,
      [ids(targets.slice(2)), targets.slice(2).map(({ message }) => message)],
    );
    await expectSeen(watched, targets);
    await eventually(async () => {
      const [last] = some(1);
      await store(query(database), last === undefined ? [] : [last]);
      await eventually(() => expect(ids(watched.targets)).toContain(last?.id), 500);
    });
  });

  it('that is not read costs no memory, and is ended', async () => {
    const slow = await runDestroyer({ database, eventLog: stubEventLog(), config: { slowConsumer: 500 } });
    const client = ownConnection(slow.address);
    const watched = await watch({}, { client });
    watched.call.pause();
    const reading = await watch({}, slow);
    // A client buffers sixteen messages, and the connection's window; then nothing more leaves for it.
    const targets = some(2_000, { message: '🛰'.repeat(1_024) });
    for (let at = 0; at < targets.length; at += 50) {
      await store(query(database), targets.slice(at, at + 50));
      await eventually(() => expect(reading.targets).toHaveLength(at + 50));
    }
    // What had left for the client before is still there to be read; then it hears why it was ended.
    await eventually(async () => expect(await slow.metrics.registry.metrics()).toMatch(/emitter_watches_open\{.*\} 1/));
    watched.call.resume();
    await eventually(() => expect(watched.error).toBeDefined());
    expect(watched.error?.code).toBe(8);
    const seen = new Set(ids(watched.targets));
    expect(seen.size).toBeLessThan(targets.length);
    const resumed = await watch({ cursor: watched.cursor() }, slow);
    await expectSeen(
      resumed,
      targets.filter(({ id }) => !seen.has(id)),
    );
    client.close();
    await slow.stop();
  });
});
