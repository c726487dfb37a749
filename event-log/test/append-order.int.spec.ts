import { setTimeout as wait } from 'node:timers/promises';
import { createPostgres, fixedCredential, unprepared, type Postgres } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '../../local/src/testing';
import { openEventLog, type EventLog, type RecordedEvent } from '../src';
import { anEvent, eventually, someEvents } from '../src/conformance';

const append = unprepared(
  `select positions::text from event_log.append(array[$1], array['\\x01'::bytea], array['\\x02'::bytea], array['{}'::jsonb])`,
);

describe('a writer that holds its transaction open', () => {
  let database: TestDatabase;
  let writer: Postgres;
  let publisher: EventLog;
  let subscriber: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase();
    const login = fixedCredential(database.login('destroyer'));
    const url = database.url('destroyer');
    writer = createPostgres({ url, login, applicationName: 'writer', maxConnections: 1, queryTimeoutMs: 10_000 });
    publisher = openEventLog({ url, login, role: 'publisher' });
    subscriber = openEventLog({
      url: database.url('deathstar'),
      login: fixedCredential(database.login('deathstar')),
      role: 'subscriber',
    });
  });

  afterAll(async () => {
    await Promise.all([writer.close(), publisher.close(), subscriber.close()]);
    await database.drop();
  });

  it('makes later publishes wait, and no reader steps over it', async () => {
    const seen: RecordedEvent[] = [];
    const subscription = subscriber.subscribe(
      'order',
      (batch) => {
        seen.push(...batch);
        return Promise.resolve();
      },
      { maxBatchEvents: 100, maxBatchBytes: 1 << 20 },
    );
    const later = someEvents(20);
    let published: Promise<unknown> = Promise.resolve();
    await writer.transaction(async (transaction) => {
      await transaction.query(append, ['held-open']);
      published = Promise.all(later.map((event) => publisher.publish(event)));
      await wait(500);
      expect(await subscriber.head()).toBe('0');
      expect(seen).toEqual([]);
    });
    await published;
    await eventually(() => seen.length === 21, 'all of them');
    expect(seen[0]?.id).toBe('held-open');
    const positions = seen.map(({ position }) => Number(position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    await subscription.close();
  });

  it('does not hang them: past the lock timeout they are UNAVAILABLE, and succeed later', async () => {
    const event = anEvent();
    await writer.transaction(async (transaction) => {
      await transaction.query(append, ['held-longer']);
      const began = performance.now();
      await expect(publisher.publish(event)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(await publisher.check()).toMatchObject({ up: false });
    });
    await publisher.publish(event);
    const ids: string[] = [];
    for await (const { id } of subscriber.read()) {
      ids.push(id);
    }
    expect(ids.slice(-2)).toEqual(['held-longer', event.id]);
  });

  it('leaves nothing when it rolls back', async () => {
    await expect(
      writer.transaction(async (transaction) => {
        await transaction.query(append, ['rolled-back']);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await database.query(`select from event_log.events where id = 'rolled-back'`)).toEqual([]);
  });
});
