import { newUlid, ulidTime } from '@emitter/proto';
import { createPartitions, startPartitionUpkeep } from '../src/partitions';
import { projectBatch } from '../src/projection/project-batch';
import { acquiredMany } from './support/events';
import { openReadModel, projectionParts, type ReadModel } from './support/read-model';
import { until } from './support/until';

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('partitions', () => {
  let model: ReadModel;
  beforeEach(async () => (model = await openReadModel()));
  afterEach(() => model.close());

  async function months(): Promise<string[]> {
    const rows = await model.database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'projection.targets'::regclass order by 1`,
    );
    return rows.map(({ name }) => name.replace('projection.targets_', ''));
  }

  /** `2026_11`, so many months from now. */
  function month(ahead: number): string {
    const date = new Date();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + ahead);
    return date.toISOString().slice(0, 7).replace('-', '_');
  }

  it('are made ahead: this month and three more, once', async () => {
    const made = [month(0), month(1), month(2), month(3)];
    await Promise.all([model.partitions.ensureAhead(), createPartitions(model.postgres, Date.now).ensureAhead()]);
    expect(await months()).toEqual(made);
    await model.partitions.ensureAhead();
    expect(await months()).toEqual(made);
  });

  it('hold exactly their months, to the millisecond', async () => {
    const start = Date.UTC(2026, 2, 1);
    const events = [start - 1, start, Date.UTC(2026, 3, 1) - 1, Date.UTC(2026, 3, 1)].map((time) =>
      acquiredMany(1, 'seen', newUlid(time)),
    );
    expect(await model.project(events)).toMatchObject({ storedEvents: 4 });
    const rows = await model.database.query<{ month: string; ids: string[] }>(
      `select tableoid::regclass::text as month, array_agg(id order by id) as ids from projection.targets group by 1 order by 1`,
    );
    expect(rows.map((row) => [row.month, row.ids.map(ulidTime)])).toEqual([
      ['projection.targets_2026_02', [start - 1]],
      ['projection.targets_2026_03', [start, Date.UTC(2026, 3, 1) - 1]],
      ['projection.targets_2026_04', [Date.UTC(2026, 3, 1)]],
    ]);
  });

  it('are months in UTC, whatever the session’s time zone', async () => {
    await model.database.query(`do $$ begin
      execute format('alter database %I set timezone = ''Pacific/Kiritimati''', current_database());
    end $$`);
    const start = Date.UTC(2026, 2, 1);
    expect(await model.project([acquiredMany(1, 'seen', newUlid(start))])).toMatchObject({ storedEvents: 1 });
    expect(await months()).toEqual(['2026_03']);
  });

  it('have every index and rule of the table', async () => {
    await model.partitions.ensureAhead();
    const [row] = await model.database.query<{ table: string; partition: string }>(
      `select
         (select count(*) from pg_index where indrelid = 'projection.targets'::regclass) as table,
         (select count(*) from pg_index where indrelid = ('projection.targets_' || $1)::regclass) as partition`,
      [month(0)],
    );
    expect(row?.partition).toBe(row?.table);
    expect(row?.table).toBe('4');
    await model.project([acquiredMany(1)]);
    await expect(model.database.query('update projection.targets set criticality = 11')).rejects.toMatchObject({
      code: '23514',
    });
  });

  it('of past months are made when a batch needs them', async () => {
    const past = Date.now() - 700 * DAY_MS;
    const batch = [acquiredMany(1, 'old', newUlid(past)), acquiredMany(1), acquiredMany(2, 'old', newUlid(past + 1))];
    expect(await model.project(batch)).toMatchObject({ storedEvents: 3, failures: [] });
    expect(await months()).toHaveLength(2);
  });

  it.each([
    ['in two years', Date.now() + 2 * 365 * DAY_MS],
    ['in the year 10889', 2 ** 48 - 1],
    ['in 1970', 0],
  ])('are not made for an id of a time %s: its event is set aside', async (_, time) => {
    const absurd = acquiredMany(2, 'absurd', newUlid(time));
    expect(await model.project([absurd, acquiredMany(1)])).toMatchObject({ storedEvents: 1 });
    expect(await months()).toEqual([month(0)]);
    expect(await model.failed()).toMatchObject([
      { reason: 'TIME_OUT_OF_RANGE', state: 'retrying', event_id: absurd.id },
    ]);
    await model.retryAll();
    expect(await model.failed()).toMatchObject([{ reason: 'TIME_OUT_OF_RANGE', state: 'parked', attempts: 3 }]);
  });

  it('that somebody dropped are made again, and no event is blamed', async () => {
    await model.project([acquiredMany(1)]);
    await model.database.query(`drop table projection.targets_${month(0)}`);
    expect(await model.project([acquiredMany(1)])).toMatchObject({ storedEvents: 1, failures: [] });
    expect(await model.failed()).toEqual([]);
  });

  it('refuse what the database must not be told to do', async () => {
    const ensure = (from: number, to: number) =>
      model.postgres.query({ name: '', text: 'select projection.ensure_partitions($1, $2)' }, [
        new Date(from),
        new Date(to),
      ]);
    const now = Date.now();
    await expect(ensure(now, now + 500 * DAY_MS)).rejects.toMatchObject({ code: '22023' });
    await expect(ensure(now - 5_000 * DAY_MS, now)).rejects.toMatchObject({ code: '22023' });
    await expect(ensure(now, now - 1)).rejects.toMatchObject({ code: '22023' });
    await expect(model.partitions.dropBefore(now)).rejects.toMatchObject({ code: '22023' });
    expect(await months()).toEqual([]);
  });

  it('past retention are dropped whole, and events past it are passed over and counted', async () => {
    const retention = 40 * DAY_MS;
    const old = acquiredMany(1, 'old', newUlid(Date.now() - 100 * DAY_MS));
    await model.project([old, acquiredMany(1)]);
    const dropped: number[] = [];
    const upkeep = startPartitionUpkeep({
      partitions: model.partitions,
      oldest: () => Date.now() - retention,
      onDropped: (count) => dropped.push(count),
      onError: (error) => {
        throw error;
      },
    });
    await until(async () => (await months()).length === 4, 'the old month dropped, the ones ahead made');
    await upkeep.close();
    expect(dropped).toEqual([1]);
    expect(await model.targets()).toHaveLength(1);

    const parts = projectionParts(model.postgres, {
      partitions: model.partitions,
      preparing: () => ({
        ...model.parts.preparing(),
        oldest: Date.now() - retention,
      }),
    });
    expect(await projectBatch([old, acquiredMany(1)], parts)).toMatchObject({
      storedEvents: 1,
      expired: 1,
      failures: [],
    });
    expect(await months()).toHaveLength(4);
  });

  it('are looked after again soon when that failed', async () => {
    await model.database.query('revoke execute on function projection.ensure_partitions from emitter_projector');
    const errors: unknown[] = [];
    const upkeep = startPartitionUpkeep({
      partitions: model.partitions,
      oldest: () => undefined,
      onDropped: () => undefined,
      onError: (error) => errors.push(error),
      againMs: 10,
    });
    await until(() => errors.length > 1, 'two failures');
    await model.database.query('grant execute on function projection.ensure_partitions to emitter_projector');
    await until(async () => (await months()).length === 4, 'the months ahead made');
    await upkeep.close();
    expect(errors[0]).toMatchObject({ code: '42501' });
  });
});
