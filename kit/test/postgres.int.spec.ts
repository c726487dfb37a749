import { setTimeout as wait } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../local/src/testing';
import {
  byteaArray,
  ConnectionFailure,
  createPostgres,
  EmitterError,
  int2Array,
  int4Array,
  int8Array,
  jsonbArray,
  textArray,
  timestamptzArray,
  unprepared,
  type CredentialSource,
  type Postgres,
  type PostgresLogin,
  type PostgresOptions,
} from '../src';
import { eventually } from './support/eventually';
import { tcpProxy, type TcpProxy } from './support/tcp-proxy';

const one = { name: 'one', text: 'select $1::int as n' };
const sleep = unprepared('select pg_sleep(30)');
const whoami = unprepared('select pg_backend_pid() as pid, session_user::text as who');

describe('Postgres', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let login: Changing;
  const opened: Postgres[] = [];
  // A name for each, for a server may be busy for a while with what an earlier test gave up.
  let names = 0;
  const name = () => `kit-test-${(names += 1)}`;
  const open = (options: Partial<PostgresOptions> = {}): Postgres => {
    const postgres = createPostgres({
      url: `postgres://127.0.0.1:${proxy.port}/${database.name}`,
      login,
      applicationName: name(),
      maxConnections: 2,
      connectTimeoutMs: 700,
      queryTimeoutMs: 1_000,
      ...options,
    });
    opened.push(postgres);
    return postgres;
  };

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    proxy = await tcpProxy(database.port);
  });
  beforeEach(() => {
    proxy.mode('pass');
    login = new Changing(database.login('destroyer'));
  });
  afterEach(async () => {
    proxy.mode('pass');
    await Promise.all(opened.splice(0).map((postgres) => postgres.close()));
  });
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  const connections = async (): Promise<number> => {
    const rows = await database.query('select from pg_stat_activity where application_name = $1', [
      `kit-test-${names}`,
    ]);
    return rows.length;
  };

  it('runs statements, prepared once on each connection', async () => {
    const postgres = open({ maxConnections: 1 });
    expect(await postgres.query(one, [7])).toEqual([{ n: 7 }]);
    expect(await postgres.query(one, [8])).toEqual([{ n: 8 }]);
    expect(await postgres.query(unprepared('select name from pg_prepared_statements'))).toEqual([{ name: 'one' }]);
  });

  it('sends arrays that arrive as they were', async () => {
    const when = [new Date('1969-07-20T20:17:40.123Z'), new Date('2026-01-02T03:04:05.678Z')];
    const [row] = await open().query(
      unprepared(`select $1::text[] as texts, $2::bytea[] as bytes, $3::jsonb[]::text as jsons, $4::int2[] as twos,
        $5::int4[] as fours, $6::int8[]::text as eights, $7::timestamptz[] as times, $8::text[] as none`),
      [
        textArray(['a"b', null, '☄']),
        byteaArray([Buffer.from([0, 255]), null]),
        jsonbArray(['{"a": 1}']),
        int2Array([1, -1]),
        int4Array([2, -2]),
        int8Array([3n, -3n]),
        timestamptzArray(when),
        textArray([]),
      ],
    );
    expect(row).toEqual({
      texts: ['a"b', null, '☄'],
      bytes: [Buffer.from([0, 255]), null],
      jsons: '{"{\\"a\\": 1}"}',
      twos: [1, -1],
      fours: [2, -2],
      eights: '{3,-3}',
      times: when,
      none: [],
    });
  });

  it('rejects with the server’s error and keeps the connection', async () => {
    const postgres = open({ maxConnections: 1 });
    const before = await postgres.query(whoami);
    await expect(postgres.query(unprepared('select 1/0'))).rejects.toMatchObject({ code: '22012' });
    expect(await postgres.query(whoami)).toEqual(before);
  });

  it('replaces a connection whose prepared statement is stale', async () => {
    const postgres = open({ maxConnections: 1 });
    await database.query('create table public.shape (a int)');
    await database.query('grant usage on schema public to destroyer');
    await database.query('grant select on public.shape to destroyer');
    const all = { name: 'all', text: 'select * from public.shape' };
    await postgres.query(all);
    await database.query('alter table public.shape add b int');
    await expect(postgres.query(all)).rejects.toMatchObject({ code: '0A000' });
    expect(await postgres.query(all)).toEqual([]);
  });

  it('gives a query up after its time, and its connection with it', async () => {
    const postgres = open({ maxConnections: 1 });
    const began = performance.now();
    await expect(postgres.query(sleep, undefined, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - began).toBeLessThan(900);
    expect(await postgres.query(one, [1])).toEqual([{ n: 1 }]);
  });

  it('gives a query up when it is aborted, with the reason when it is ours', async () => {
    const postgres = open();
    const abort = new AbortController();
    const query = postgres.query(sleep, undefined, { signal: abort.signal });
    await wait(50);
    abort.abort();
    await expect(query).rejects.toMatchObject({ code: 'CANCELLED' });
    const reason = new EmitterError('DEADLINE_EXCEEDED', 'too late');
    await expect(postgres.query(one, [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('opens no more connections than it may, and serves who waits in order', async () => {
    const postgres = open();
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (n) => {
        await postgres.query(unprepared('select pg_sleep(0.02)'));
        order.push(n);
      }),
    );
    expect(await connections()).toBeLessThanOrEqual(2);
    expect([...order].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(order.slice(0, 2).sort()).toEqual([1, 2]);
  });

  it('says that no connection became free in time; an aborted wait ends at once', async () => {
    const postgres = open({ maxConnections: 1 });
    await postgres.query(one, [1]);
    const long = postgres.query(unprepared('select pg_sleep(0.6)'));
    await expect(postgres.query(one, [1], { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'busy' });
    const abort = new AbortController();
    const waiting = postgres.query(one, [1], { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await long;
  });

  it('commits a transaction whole, or not at all', async () => {
    const postgres = open();
    await database.query('create table public.kept (n int)');
    await database.query('grant usage on schema public to destroyer');
    await database.query('grant all on public.kept to destroyer');
    const insert = { name: 'insert', text: 'insert into public.kept values ($1)' };
    expect(await postgres.transaction(async (tx) => (await tx.query(insert, [1]), 'done'))).toBe('done');
    await expect(
      postgres.transaction(async (tx) => {
        await tx.query(insert, [2]);
        throw new Error('second thoughts');
      }),
    ).rejects.toThrow('second thoughts');
    await expect(
      postgres.transaction(async (tx) => {
        await tx.query(insert, [3]);
        await tx.query(sleep, undefined, { timeoutMs: 100 });
      }),
    ).rejects.toMatchObject({ reason: 'timeout' });
    let leaked: Promise<unknown> = Promise.resolve();
    await postgres.transaction((tx) => {
      leaked = wait(20).then(() => tx.query(insert, [4]));
      return Promise.resolve();
    });
    await expect(leaked).rejects.toThrow('after its end');
    expect(await database.query('select n from public.kept')).toEqual([{ n: 1 }]);
  });

  it.each([
    ['refuse', 'unreachable'],
    ['swallow', 'unreachable'],
  ] as const)('says so within the time when the server cannot be reached (%s)', async (mode, reason) => {
    const postgres = open();
    proxy.mode(mode);
    const began = performance.now();
    await expect(postgres.query(one, [1])).rejects.toMatchObject({ name: 'ConnectionFailure', reason });
    expect(performance.now() - began).toBeLessThan(1_500);
    proxy.mode('pass');
    expect(await postgres.query(one, [1])).toEqual([{ n: 1 }]);
  });

  it('notices connections that were cut while idle, and those cut at work', async () => {
    const postgres = open();
    await postgres.query(one, [1]);
    proxy.cut();
    await wait(50);
    expect(await postgres.query(one, [2])).toEqual([{ n: 2 }]);
    const query = postgres.query(sleep);
    await wait(50);
    proxy.cut();
    await expect(query).rejects.toMatchObject({ reason: 'lost' });
  });

  it('rejects with the server’s word when the login is wrong, or the server ends the connection', async () => {
    login.change({ user: 'destroyer', password: 'wrong' });
    await expect(open().query(one, [1])).rejects.toMatchObject({ code: '28P01' });
    login.change(database.login('destroyer'));
    const postgres = open();
    const query = postgres.query(sleep, undefined, { timeoutMs: 900 });
    await eventually(async () => (await connections()) > 0, 'connected');
    await database.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      `kit-test-${names}`,
    ]);
    await expect(query).rejects.toMatchObject({ code: '57P01' });
  });

  it('uses a new login for new work, and lets old work finish', async () => {
    const postgres = open();
    await postgres.query(one, [1]);
    const old = postgres.query<{ who: string }>(unprepared('select session_user::text as who from pg_sleep(0.3)'));
    const session = await postgres.session();
    expect(session.outdated()).toBe(false);
    login.change(database.login('deathstar'));
    const [now] = await postgres.query<{ who: string }>(whoami);
    expect(now?.who).toBe('deathstar');
    expect((await old)[0]?.who).toBe('destroyer');
    expect(session.outdated()).toBe(true);
    await session.end();
    await eventually(async () => (await connections()) <= 1, 'the old connections gone');
  });

  it('serves who waits when the login changes', async () => {
    const postgres = open({ maxConnections: 1 });
    const all = [1, 2, 3, 4].map(() => postgres.query(unprepared('select pg_sleep(0.05)')));
    await wait(20);
    login.change(database.login('deathstar'));
    await Promise.all(all);
    const opening = open({ maxConnections: 1 });
    const first = opening.query<{ who: string }>(whoami);
    login.change(database.login('destroyer'));
    expect((await first)[0]?.who).toBe('destroyer');
  });

  it('tries the new login when the old one is refused meanwhile', async () => {
    login.change({ user: 'destroyer', password: 'expired' });
    const postgres = open();
    const answer = postgres.query<{ who: string }>(whoami);
    login.change(database.login('destroyer'));
    expect((await answer)[0]?.who).toBe('destroyer');
  });

  it('finishes what is under way when it is closed, then refuses', async () => {
    const postgres = open({ maxConnections: 1 });
    const running = [postgres.query(unprepared('select pg_sleep(0.1)')), postgres.query(one, [1])];
    const closed = postgres.close();
    await Promise.all(running);
    await closed;
    await expect(postgres.query(one, [1])).rejects.toMatchObject({ reason: 'closed' });
    await eventually(async () => (await connections()) === 0, 'no connection left');
    await postgres.close();
  });

  describe('a session', () => {
    it('hears what is notified, and runs statements in turn', async () => {
      const session = await open().session({ synchronous_commit: 'off' });
      const heard: string[] = [];
      await session.listen('kit_test', (payload) => heard.push(payload));
      await expect(session.listen('no; drop', () => undefined)).rejects.toThrow('is no name');
      await database.query(`select pg_notify('kit_test', 'hello'), pg_notify('other', 'not ours')`);
      await eventually(() => heard.length > 0, 'the notification');
      expect(heard).toEqual(['hello']);
      const rows = await Promise.all([1, 2, 3].map((n) => session.query(one, [n])));
      expect(rows).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
      expect(await session.query(unprepared('show synchronous_commit'))).toEqual([{ synchronous_commit: 'off' }]);
      await session.end();
      await session.end();
    });

    it('learns that the server has gone silent, and tells why it ended', async () => {
      const session = await open({ queryTimeoutMs: 500 }).session();
      proxy.mode('swallow');
      const reason = await new Promise<Error>((resolve) => session.onEnd(resolve));
      expect(reason).toBeInstanceOf(ConnectionFailure);
      expect(reason).toMatchObject({ reason: 'timeout' });
      await expect(session.query(one, [1])).rejects.toMatchObject({ reason: 'lost' });
      await expect(new Promise<Error>((resolve) => session.onEnd(resolve))).resolves.toBe(reason);
    });

    it('can be dropped', async () => {
      const session = await open().session();
      const ended = new Promise<Error>((resolve) => session.onEnd(resolve));
      session.destroy();
      expect(await ended).toMatchObject({ reason: 'closed' });
    });
  });
});

/** A login that the test changes. */
class Changing implements CredentialSource<PostgresLogin> {
  readonly #listeners = new Set<(next: PostgresLogin) => void>();
  #login: PostgresLogin;

  constructor(login: PostgresLogin) {
    this.#login = login;
  }

  current(): PostgresLogin {
    return this.#login;
  }

  onChange(listener: (next: PostgresLogin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(login: PostgresLogin): void {
    this.#login = login;
    for (const listener of this.#listeners) {
      listener(login);
    }
  }
}
