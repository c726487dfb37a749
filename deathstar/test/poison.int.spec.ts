import { decodeTargetsAcquired, newUlid } from '@emitter/proto';
import { createPostgres, fixedCredential, type Postgres, type Statement, type Transaction } from '@emitter/kit';
import { redriveFailedEvents } from '../src';
import { countFailedEvents } from '../src/failed-events';
import { projectBatch } from '../src/projection/project-batch';
import { retryDueEvent } from '../src/projection/retry';
import { acquired, acquiredMany, recordedEvent, unreadable } from './support/events';
import { connect, openReadModel, projectionParts, retryAll, type ReadModel } from './support/read-model';

const refuseBoom = "alter table projection.targets add constraint no_boom check (message !~ '^boom')";
const allowBoom = 'alter table projection.targets drop constraint if exists no_boom';

describe('a poison event', () => {
  let model: ReadModel;
  beforeAll(async () => (model = await openReadModel()));
  afterEach(async () => {
    await model.database.query(allowBoom);
    await model.empty();
  });
  afterAll(() => model.close());

  it('that cannot be read costs the good ones nothing', async () => {
    const poison = unreadable();
    const outcome = await model.project([acquiredMany(2), poison, acquiredMany(1)]);
    expect(outcome).toMatchObject({ storedEvents: 2, storedTargets: 3 });
    expect(await model.failed()).toMatchObject([
      {
        position: poison.position,
        event_id: poison.id,
        state: 'retrying',
        reason: 'PAYLOAD_INVALID',
        error: 'the payload must be JSON',
        attempts: 1,
      },
    ]);
  });

  it.each([1, 3, 20])('that the database refuses is found among 100, %i of them', async (poisons) => {
    await model.database.query(refuseBoom);
    const batch = Array.from({ length: 100 }, (_, at) =>
      acquiredMany((at % 3) + 1, at % Math.ceil(100 / poisons) === 7 % Math.ceil(100 / poisons) ? 'boom' : 'fine'),
    );
    const bad = batch.filter(({ payload }) => payload.toString().includes('boom'));
    expect(bad).toHaveLength(poisons);
    const outcome = await model.project(batch);
    expect(outcome.storedEvents).toBe(100 - poisons);
    const failed = await model.failed();
    expect(failed.map(({ position }) => position)).toEqual(bad.map(({ position }) => position));
    expect(failed[0]).toMatchObject({ reason: 'REFUSED_BY_DATABASE', state: 'retrying' });
    expect(failed[0]?.error).toContain('23514');

    // Its work and the others' are one transaction.
    const [row] = await model.database.query<{ targets: string[]; failed: string[] }>(
      `select array(select distinct stored_in::text from projection.targets) as targets,
        array(select distinct xmin::text from projection.failed_events) as failed`,
    );
    expect(row?.targets).toHaveLength(1);
    expect(row?.failed).toEqual(row?.targets);
  });

  it('whose text only Postgres refuses is set aside with a text that it takes', async () => {
    // As if a reader let NUL through: the row cannot be written, nor the event's own id beside the error.
    const decode = (payload: Uint8Array) => {
      const event = decodeTargetsAcquired(payload);
      return { ...event, targets: event.targets.map((target) => ({ ...target, message: `${target.message}\0` })) };
    };
    const nul = acquiredMany(1);
    const odd = recordedEvent('no\0id\ud800', Buffer.from([0, 255]), { traceparent: 'a\0b\ud800' });
    const parts = projectionParts(model.postgres, {
      preparing: () => ({ decode, oldest: -Infinity, mayHold: () => true }),
    });
    await projectBatch([nul, odd], parts);
    const failed = await model.failed();
    expect(failed).toMatchObject([
      { position: nul.position, reason: 'REFUSED_BY_DATABASE' },
      { position: odd.position, reason: 'PAYLOAD_INVALID', event_id: 'no\uFFFDid\uFFFD' },
    ]);
    expect(failed[1]?.payload.equals(Buffer.from([0, 255]))).toBe(true);
    expect(failed[1]?.attributes).toEqual({ traceparent: 'a\0b\ud800' });
    // And it can be taken up again.
    await retryAll(parts);
    expect((await model.failed()).map(({ attempts }) => attempts)).toEqual([3, 3]);
  });

  it('is parked after the set number of attempts, also across restarts', async () => {
    await model.project([unreadable(), acquiredMany(1)]);
    const policy = { maxAttempts: 4, firstRetryMs: 0 };
    for (const attempts of [2, 3, 4]) {
      // An instance of its own for each attempt: what it knows is in the database.
      const postgres = connect(model.database);
      const outcome = await retryDueEvent(projectionParts(postgres, { policy }));
      await postgres.close();
      expect(outcome?.failures).toMatchObject([{ verdict: { state: attempts === 4 ? 'parked' : 'retrying' } }]);
      expect(await model.failed()).toMatchObject([{ attempts, state: attempts === 4 ? 'parked' : 'retrying' }]);
    }
    expect(await retryAll(projectionParts(model.postgres, { policy }))).toEqual([]);
    expect(await countFailedEvents(model.postgres)).toEqual({ parked: 1, retrying: 0 });
  });

  it('is parked at once when one attempt is all it has', async () => {
    await projectBatch(
      [unreadable()],
      projectionParts(model.postgres, { policy: { maxAttempts: 1, firstRetryMs: 0 } }),
    );
    expect(await model.failed()).toMatchObject([{ state: 'parked', attempts: 1 }]);
  });

  it('waits for its next attempt', async () => {
    const policy = { maxAttempts: 3, firstRetryMs: 60_000 };
    await projectBatch([unreadable()], projectionParts(model.postgres, { policy }));
    expect(await model.retryAll()).toEqual([]);
    await model.database.query("update projection.failed_events set next_attempt_on = now() - interval '1 ms'");
    expect(await retryAll(projectionParts(model.postgres, { policy }))).toHaveLength(1);
    const [row] = await model.database.query<{ wait: number }>(
      'select extract(epoch from next_attempt_on - last_failed_on)::integer as wait from projection.failed_events',
    );
    expect(row?.wait).toBe(240);
  });

  it('that is mended is stored by a retry, and those who watch are woken', async () => {
    await model.database.query(refuseBoom);
    const poison = acquiredMany(3, 'boom');
    await model.project([poison]);
    await model.database.query(allowBoom);
    const watcher = await model.database.admin.connect();
    let heard = 0;
    watcher.on('notification', () => heard++);
    await watcher.query('listen emitter_targets_stored');
    expect(await model.retryAll()).toMatchObject([{ storedEvents: 1, storedTargets: 3, failures: [] }]);
    await watcher.query('select');
    watcher.release(true);
    expect(heard).toBe(1);
    expect(await model.failed()).toEqual([]);
    expect(await model.targets()).toHaveLength(3);
  });

  it('that was stored meanwhile, or is past retention, is forgotten by its retry', async () => {
    await model.database.query(refuseBoom);
    const poison = acquiredMany(1, 'boom');
    await model.project([poison, unreadable(newUlid(Date.now() - 40 * 24 * 3_600_000))]);
    await model.database.query(allowBoom);
    await model.project([poison]);
    const oldest = Date.now() - 30 * 24 * 3_600_000;
    const parts = projectionParts(model.postgres, {
      preparing: () => ({ decode: decodeTargetsAcquired, oldest, mayHold: () => true }),
    });
    const outcomes = await retryAll(parts);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ duplicates: 1, expired: 0 }),
        expect.objectContaining({ duplicates: 0, expired: 1 }),
      ]),
    );
    expect(await model.failed()).toEqual([]);
  });

  it('whose id was taken meanwhile is parked as a conflict by its retry', async () => {
    await model.database.query(refuseBoom);
    const poison = acquiredMany(1, 'boom');
    await model.project([poison]);
    await model.project([acquiredMany(1, 'fine', poison.id)]);
    await model.database.query(allowBoom);
    expect(await model.retryAll()).toHaveLength(1);
    expect(await model.failed()).toMatchObject([{ state: 'parked', reason: 'REQUEST_ID_CONFLICT', attempts: 2 }]);
  });

  it('is tried by one instance at a time', async () => {
    await model.project(Array.from({ length: 20 }, () => unreadable()));
    const others = [connect(model.database), connect(model.database)];
    const policy = { maxAttempts: 2, firstRetryMs: 0 };
    const rounds = await Promise.all(others.map((postgres) => retryAll(projectionParts(postgres, { policy }))));
    await Promise.all(others.map((postgres) => postgres.close()));
    expect(rounds.flat()).toHaveLength(20);
    expect((await model.failed()).every(({ attempts, state }) => attempts === 2 && state === 'parked')).toBe(true);
  });

  it('that was parked can be driven again, one or all', async () => {
    const policy = { maxAttempts: 1, firstRetryMs: 0 };
    const events = [unreadable(), unreadable(), unreadable()];
    await projectBatch(events, projectionParts(model.postgres, { policy }));
    const [first] = events.map(({ position }) => position);
    expect(await redriveFailedEvents(model.postgres, [first ?? '', 'no such'])).toEqual([first]);
    expect(await countFailedEvents(model.postgres)).toEqual({ parked: 2, retrying: 1 });
    expect((await redriveFailedEvents(model.postgres)).length).toBe(2);
    expect(await model.retryAll()).toHaveLength(9);
    expect(await countFailedEvents(model.postgres)).toEqual({ parked: 3, retrying: 0 });
  });
});

describe('a failure that is no event’s fault', () => {
  let model: ReadModel;
  beforeAll(async () => (model = await openReadModel()));
  afterEach(() => model.empty());
  afterAll(() => model.close());

  const batch = () => [acquiredMany(1), unreadable(), acquiredMany(2)];

  it.each([
    [
      'rights are missing',
      'revoke insert on projection.targets from emitter_projector',
      'grant insert on projection.targets to emitter_projector',
      '42501',
    ],
    [
      'a table is missing',
      'alter table projection.failed_events rename to gone',
      'alter table projection.gone rename to failed_events',
      '42P01',
    ],
    [
      'the database is read only',
      `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`,
      `set default_transaction_read_only = off; do $$ begin execute format('alter database %I reset default_transaction_read_only', current_database()); end $$`,
      '25006',
    ],
  ])('counts nothing and stores nothing: %s', async (_, breakIt, mendIt, code) => {
    const events = batch();
    await model.partitions.ensureAhead();
    await model.database.query(breakIt);
    const postgres = connect(model.database);
    const parts = projectionParts(postgres, { partitions: model.partitions });
    await expect(projectBatch(events, parts)).rejects.toMatchObject({ code });
    // A session of its own, for it may have to say that it writes.
    const mender = await model.database.admin.connect();
    await mender.query(mendIt);
    mender.release(true);
    expect(await model.targets()).toEqual([]);
    expect(await model.failed()).toEqual([]);
    await postgres.close();
    const again = connect(model.database);
    expect(await projectBatch(events, projectionParts(again))).toMatchObject({ storedEvents: 2 });
    await again.close();
  });

  it('counts no attempt of an event that is being retried', async () => {
    await model.project([unreadable()]);
    await model.database.query('revoke update on projection.failed_events from emitter_projector');
    await expect(model.retryAll()).rejects.toMatchObject({ code: '42501' });
    await model.database.query('grant update on projection.failed_events to emitter_projector');
    expect(await model.failed()).toMatchObject([{ attempts: 1 }]);
  });

  it('counts no attempt when the connection goes in the middle', async () => {
    const events = batch();
    const cut: Postgres = {
      ...model.postgres,
      transaction: (work, options) =>
        model.postgres.transaction(async (tx) => {
          await work(tx);
          await model.database.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'deathstar' and datname = current_database()",
          );
          return tx.query({ name: '', text: 'select 1' }) as never;
        }, options),
    };
    await expect(projectBatch(events, projectionParts(cut))).rejects.toThrow();
    expect(await model.targets()).toEqual([]);
    expect(await model.failed()).toEqual([]);
    expect(await model.project(events)).toMatchObject({ storedEvents: 2 });
  });

  it('while the poison is looked for is not taken for the poison', async () => {
    await model.database.query(refuseBoom);
    const failing = (failOn: string): Postgres => ({
      ...model.postgres,
      transaction: (work, options) => model.postgres.transaction((tx) => work(failingAt(tx, failOn)), options),
    });
    await expect(
      projectBatch([acquiredMany(1), acquiredMany(1, 'boom')], projectionParts(failing('rollback'))),
    ).rejects.toThrow('the connection is gone');
    expect(await model.failed()).toEqual([]);
    await expect(
      projectBatch([acquiredMany(1), acquiredMany(1, 'boom')], projectionParts(failing('savepoint before'))),
    ).rejects.toThrow('the connection is gone');
    await model.database.query(allowBoom);
  });

  it('is told from a server that is not there', async () => {
    const nowhere = createPostgres({
      url: 'postgres://127.0.0.1:1/none',
      login: fixedCredential({ user: 'deathstar' }),
      applicationName: 'test',
      maxConnections: 1,
    });
    await expect(projectBatch([acquired(newUlid(Date.now()), [{}])], projectionParts(nowhere))).rejects.toMatchObject({
      name: 'ConnectionFailure',
    });
    await nowhere.close();
  });
});

function failingAt(tx: Transaction, text: string): Transaction {
  return {
    query: <Row>(statement: Statement, values?: readonly unknown[]) =>
      statement.text.startsWith(text)
        ? Promise.reject(new Error('the connection is gone'))
        : tx.query<Row>(statement, values),
  };
}
