import { fixedCredential, type CredentialSource, type PostgresLogin } from '@emitter/kit';
import { tcpProxy } from '../../kit/test/support/tcp-proxy';
import { createTestDatabase, type TestDatabase, type TestLogin } from '../../local/src/testing';
import { openEventLog, type EventLog, type RecordedEvent, type Role } from '../src';
import { anEvent, eventually, someEvents } from '../src/conformance';

describe('the Postgres adapter', () => {
  let database: TestDatabase;
  const logs: EventLog[] = [];
  const open = (login: TestLogin, role: Role, port = database.port): EventLog => {
    const log = openEventLog({
      url: `postgres://127.0.0.1:${port}/${database.name}`,
      login: fixedCredential(database.login(login)),
      role,
    });
    logs.push(log);
    return log;
  };
  const limits = { maxBatchEvents: 100, maxBatchBytes: 1 << 20 };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  afterAll(() => database.drop());

  it('lets each login do its own work only', async () => {
    const publisher = open('destroyer', 'publisher');
    const subscriber = open('deathstar', 'subscriber');
    await expect(subscriber.publish(anEvent())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(publisher.read()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await open('destroyer', 'subscriber').check()).toMatchObject({
      up: false,
      error: expect.stringContaining('42501') as unknown,
    });
    expect(await open('deathstar', 'publisher').check()).toMatchObject({ up: false });
  });

  it('says that the migrations have not run', async () => {
    const empty = await createTestDatabase({ migrated: false });
    const log = openEventLog({
      url: empty.url('destroyer'),
      login: fixedCredential(empty.login('destroyer')),
      role: 'publisher',
    });
    expect(await log.check()).toMatchObject({ up: false, error: expect.stringContaining('migrations') as unknown });
    await log.close();
    await empty.drop();
  });

  it('says that the log is read-only', async () => {
    await database.query(`alter database ${database.name} set default_transaction_read_only = on`);
    const status = await open('destroyer', 'publisher').check();
    await database.query(`alter database ${database.name} reset default_transaction_read_only`);
    expect(status).toMatchObject({ up: false, error: 'the event log is read-only' });
  });

  it('is not available while its database takes no connections', async () => {
    const flag = (allowed: boolean) =>
      database.query('update pg_database set datallowconn = $2 where datname = $1', [database.name, allowed]);
    await flag(false);
    const published = open('destroyer', 'publisher').publish(anEvent());
    await expect(published.finally(() => flag(true))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('refuses the one event that the database cannot hold, and publishes its neighbours', async () => {
    const publisher = open('destroyer', 'publisher');
    const bad = anEvent({ attributes: { ce_id: 'a\0b' } });
    const events = [...someEvents(5), bad, ...someEvents(6)];
    const outcomes = await Promise.allSettled(events.map((event) => publisher.publish(event)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[5]).toMatchObject({ reason: { code: 'INTERNAL' } });
  });

  it('finds events whose notification was lost', async () => {
    const seen: string[] = [];
    const subscription = open('deathstar', 'subscriber').subscribe(
      'unnotified',
      (batch) => {
        seen.push(...batch.map(({ id }) => id));
        return Promise.resolve();
      },
      limits,
    );
    await eventually(async () => subscription.active() && (await subscription.progress()).behind === 0, 'caught up');
    await database.query(
      `insert into event_log.events (id, content_hash, payload, attributes) values ('unnotified', '', '', '{}')`,
    );
    await eventually(() => seen.includes('unnotified'), 'the event', 4_000);
    expect(seen.filter((id) => id === 'unnotified')).toHaveLength(1);
  });

  it('takes over from an instance whose connection went silent', async () => {
    const proxy = await tcpProxy(database.port);
    const frozen: RecordedEvent[] = [];
    const seen: RecordedEvent[] = [];
    const collectIn = (list: RecordedEvent[]) => (batch: readonly RecordedEvent[]) => {
      list.push(...batch);
      return Promise.resolve();
    };
    const one = open('deathstar', 'subscriber', proxy.port).subscribe('zombie', collectIn(frozen), limits);
    await eventually(() => one.active(), 'the first active');
    proxy.mode('swallow');
    const two = open('deathstar', 'subscriber').subscribe('zombie', collectIn(seen), limits);
    await eventually(() => two.active(), 'the second active', 20_000);
    expect(one.active()).toBe(false);
    const event = anEvent();
    await open('destroyer', 'publisher').publish(event);
    await eventually(() => seen.some(({ id }) => id === event.id), 'the event');
    expect(frozen.some(({ id }) => id === event.id)).toBe(false);
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await proxy.close();
  });

  it('never moves a checkpoint back', async () => {
    await database.query(`insert into event_log.checkpoints values ('forward', 1000000)`);
    const seen: RecordedEvent[] = [];
    const log = open('deathstar', 'subscriber');
    const subscription = log.subscribe('forward', (b) => Promise.resolve(void seen.push(...b)), limits);
    await eventually(() => subscription.active(), 'active');
    await open('destroyer', 'publisher').publish(anEvent());
    expect((await subscription.progress()).behind).toBe(0);
    await subscription.close();
    expect(seen).toEqual([]);
    expect(await database.query(`select position from event_log.checkpoints where subscription = 'forward'`)).toEqual([
      { position: '1000000' },
    ]);
  });

  it('begins again from the stored checkpoint when an acknowledgement fails', async () => {
    const errors: unknown[] = [];
    const seen: string[] = [];
    const event = anEvent();
    await database.query(`revoke update on event_log.checkpoints from emitter_subscriber`);
    const subscription = open('deathstar', 'subscriber').subscribe(
      'unacknowledged',
      (batch) => Promise.resolve(void seen.push(...batch.map(({ id }) => id))),
      { ...limits, onError: (error) => errors.push(error) },
    );
    await open('destroyer', 'publisher').publish(event);
    await eventually(() => errors.length >= 2, 'failures');
    await database.query(`grant update on event_log.checkpoints to emitter_subscriber`);
    await eventually(async () => (await subscription.progress()).behind === 0, 'acknowledged');
    expect(seen.filter((id) => id === event.id).length).toBeGreaterThan(1);
    expect(errors[0]).toMatchObject({ code: '42501' });
  });

  it('takes up a login that changes, in publishing and subscribing, losing nothing', async () => {
    const rotating = (login: TestLogin) => new Rotating(database.login(login));
    const [publishes, subscribes] = [rotating('destroyer'), rotating('deathstar')];
    const url = `postgres://127.0.0.1:${database.port}/${database.name}`;
    const publisher = openEventLog({ url, login: publishes, role: 'publisher' });
    const subscriber = openEventLog({ url, login: subscribes, role: 'subscriber' });
    logs.push(publisher, subscriber);
    const seen = new Set<string>();
    const errors: unknown[] = [];
    const subscription = subscriber.subscribe(
      'rotation',
      (batch) => {
        batch.forEach(({ id }) => seen.add(id));
        return Promise.resolve();
      },
      { ...limits, onError: (error) => errors.push(error) },
    );
    const published: string[] = [];
    for (let round = 0; round < 6; round++) {
      const events = someEvents(50);
      const all = Promise.all(events.map((event) => publisher.publish(event)));
      publishes.renew();
      subscribes.renew();
      await all;
      published.push(...events.map(({ id }) => id));
    }
    await eventually(() => published.every((id) => seen.has(id)), 'all');
    await eventually(() => subscription.active(), 'active on the new login');
    expect(errors).toEqual([]);
  });

  it('refuses a URL of no log, and a checkpoint of another', async () => {
    const login = fixedCredential<PostgresLogin>({ user: 'destroyer' });
    expect(() => openEventLog({ url: 'kafka://x', login, role: 'operator' })).toThrow(/must begin with postgres/);
    const reading = open('deathstar', 'subscriber').read('12:34' as never);
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

/** The same login again, as if it were a new one. */
class Rotating implements CredentialSource<PostgresLogin> {
  readonly #listeners = new Set<(next: PostgresLogin) => void>();

  constructor(private readonly login: PostgresLogin) {}

  current(): PostgresLogin {
    return this.login;
  }

  onChange(listener: (next: PostgresLogin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  renew(): void {
    for (const listener of this.#listeners) {
      listener(this.login);
    }
  }
}
