import { contentHash, decodeTargetsAcquired, newUlid, targetId, ulidTime } from '@emitter/proto';
import { acquired, acquiredMany } from './support/events';
import { connect, openReadModel, projectionParts, type ReadModel } from './support/read-model';
import { projectBatch } from '../src/projection/project-batch';

describe('a batch', () => {
  let model: ReadModel;
  beforeAll(async () => (model = await openReadModel()));
  afterEach(() => model.empty());
  afterAll(() => model.close());

  it('becomes rows that say what the events said', async () => {
    const id = newUlid(Date.UTC(2026, 10, 3, 4, 5, 6, 789));
    const said = [
      { message: 'a moon', criticality: 3, source: 'probe-1' },
      { message: 'no moon \u{1F31A}', criticality: 10, source: '' },
    ];
    const outcome = await model.project([acquired(id, said)]);
    expect(outcome).toEqual({ storedEvents: 1, storedTargets: 2, duplicates: 0, expired: 0, failures: [] });

    const time = new Date(ulidTime(id));
    const rows = await model.targets();
    expect(rows).toHaveLength(2);
    said.forEach((target, place) => {
      expect(rows.find((row) => row.id === targetId(id, place))).toMatchObject({
        ...target,
        created_on: time,
        updated_on: time,
        content_hash: place === 0 ? contentHash(said) : null,
      });
    });
  });

  it('is stored once, however often it comes', async () => {
    const batch = [acquiredMany(3), acquiredMany(1), acquiredMany(40)];
    await model.project(batch);
    const before = await model.targets();
    expect(await model.project(batch)).toMatchObject({ storedTargets: 0, duplicates: 3, failures: [] });
    expect(await model.project([...batch].reverse())).toMatchObject({ storedTargets: 0, duplicates: 3 });
    expect(await model.targets()).toEqual(before);
    expect(before).toHaveLength(44);
  });

  it('may hold an event twice', async () => {
    const event = acquiredMany(2);
    const again = acquired(event.id, [{ message: 'seen 0' }, { message: 'seen 1', criticality: 1 }]);
    expect(await model.project([event, acquiredMany(1), again])).toMatchObject({
      storedEvents: 2,
      storedTargets: 3,
      duplicates: 1,
      failures: [],
    });
  });

  it('of no events is nothing', async () => {
    expect(await model.project([])).toMatchObject({ storedEvents: 0, failures: [] });
  });

  it('larger than one statement is one transaction', async () => {
    const batch = Array.from({ length: 600 }, () => acquiredMany(1));
    expect(await model.project(batch)).toMatchObject({ storedEvents: 600 });
    const [row] = await model.database.query<{ transactions: string }>(
      'select count(distinct stored_in) as transactions from projection.targets',
    );
    expect(row?.transactions).toBe('1');
  });

  it.each([
    ['fewer targets', acquiredMany(1, 'other')],
    ['more targets', acquiredMany(5, 'other')],
    ['as many targets', acquiredMany(2, 'other')],
    ['no targets beyond the first, which is the same', acquiredMany(1)],
  ])('parks an id that is used again with %s, and keeps the first', async (_, template) => {
    const first = acquiredMany(2);
    const { targets } = decodeTargetsAcquired(template.payload);
    const second = acquired(
      first.id,
      targets.map(({ message, criticality }) => ({ message, criticality })),
    );
    await model.project([first]);
    const before = await model.targets();
    const outcome = await model.project([second, acquiredMany(1)]);
    expect(outcome.storedEvents).toBe(1);
    expect(outcome.failures).toMatchObject([{ reason: 'REQUEST_ID_CONFLICT', verdict: { state: 'parked' } }]);
    expect(await model.targets()).toEqual(expect.arrayContaining(before));
    expect(await model.targets()).toHaveLength(3);
    const failed = await model.failed();
    expect(failed).toMatchObject([{ position: second.position, event_id: first.id, state: 'parked', attempts: 1 }]);
    expect(failed[0]?.payload.equals(second.payload)).toBe(true);

    // It comes again from the log: nothing new is said.
    expect((await model.project([second])).failures).toEqual([]);
    expect(await model.failed()).toEqual(failed);
  });

  it('parks the second of two that conflict inside it', async () => {
    const first = acquiredMany(1);
    const second = acquiredMany(3, 'other', first.id);
    const outcome = await model.project([first, second, first]);
    expect(outcome).toMatchObject({ storedEvents: 1, storedTargets: 1, duplicates: 1 });
    expect(outcome.failures.map(({ event }) => event)).toEqual([second]);
  });

  it('parks the first of two when the second is what is stored', async () => {
    const stored = acquiredMany(2);
    await model.project([stored]);
    const other = acquiredMany(2, 'other', stored.id);
    const outcome = await model.project([other, stored]);
    expect(outcome).toMatchObject({ storedEvents: 0, duplicates: 1 });
    expect(outcome.failures.map(({ event }) => event)).toEqual([other]);
  });

  it('wakes those who watch once, and nobody when nothing is new', async () => {
    const watcher = await model.database.admin.connect();
    const heard: string[] = [];
    watcher.on('notification', ({ channel }) => void heard.push(channel));
    await watcher.query('listen emitter_targets_stored');
    const batch = Array.from({ length: 300 }, () => acquiredMany(1));
    await model.project(batch);
    await model.project(batch);
    await watcher.query('select');
    watcher.release(true);
    expect(heard).toEqual(['emitter_targets_stored']);
  });

  it('is stored whole or not at all, up to 1,000 targets an event', async () => {
    // The last target of the second event is there already, under another event's name: it cannot be stored whole.
    const [good, poison] = [acquiredMany(1_000), acquiredMany(1_000, 'x')];
    await model.project([acquiredMany(1)]);
    await model.database.query('update projection.targets set id = $1', [targetId(poison.id, 999)]);
    const outcome = await model.project([good, poison]);
    expect(outcome.storedTargets).toBe(1_000);
    expect(outcome.failures).toMatchObject([{ reason: 'REFUSED_BY_DATABASE', verdict: { state: 'retrying' } }]);
    expect(await model.targets()).toHaveLength(1_001);
  });

  it('may hold more targets than one statement takes', async () => {
    const batch = Array.from({ length: 6 }, () => acquiredMany(1_000, 'x'));
    expect(await model.project(batch)).toMatchObject({ storedEvents: 6, storedTargets: 6_000, failures: [] });
    expect(new Set((await model.targets()).map(({ id }) => id)).size).toBe(6_000);
  });

  it('is stored once when two instances project the same at the same time', async () => {
    const other = connect(model.database);
    try {
      for (let round = 0; round < 10; round++) {
        const batch = Array.from({ length: 50 }, (_, at) => acquiredMany((at % 3) + 1));
        const reversed = [...batch].reverse();
        const [one, two] = await Promise.all([model.project(batch), projectBatch(reversed, projectionParts(other))]);
        expect(one.storedEvents + two.storedEvents).toBe(50);
        expect(one.duplicates + two.duplicates).toBe(50);
        expect([...one.failures, ...two.failures]).toEqual([]);
      }
      expect(await model.targets()).toHaveLength(10 * (17 + 2 * 17 + 3 * 16));
    } finally {
      await other.close();
    }
  });

  it('parks exactly one of two that conflict when two instances project them at the same time', async () => {
    const other = connect(model.database);
    try {
      for (let round = 0; round < 10; round++) {
        await model.empty();
        const ones = Array.from({ length: 20 }, () => acquiredMany(2));
        const others = ones.map(({ id }, at) => acquiredMany(at % 4 === 0 ? 1 : at % 4, 'other', id));
        const results = await Promise.all([model.project(ones), projectBatch(others, projectionParts(other))]);
        expect(results[0].storedEvents + results[1].storedEvents).toBe(20);
        const failed = await model.failed();
        expect(failed.map((row) => row.event_id).sort()).toEqual(ones.map(({ id }) => id).sort());
        expect(failed.every(({ state, reason }) => state === 'parked' && reason === 'REQUEST_ID_CONFLICT')).toBe(true);
        const parked = new Set(failed.map(({ position }) => position));
        const won = [...ones, ...others].filter(({ position }) => !parked.has(position));
        const expected = won.flatMap(({ payload }) => decodeTargetsAcquired(payload).targets.map(({ id }) => id));
        expect((await model.targets()).map(({ id }) => id)).toEqual(expected.sort());
      }
    } finally {
      await other.close();
    }
  });
});
