import { createTestDatabase, type TestDatabase } from '../../local/src/testing';
import { migrateEventLog } from '../src';

describe('the event log’s migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  const run = (direction?: 'up' | 'down' | 'down-all') =>
    migrateEventLog({
      url: database.url('emitter_migrator'),
      login: database.login('emitter_migrator'),
      ...(direction === undefined ? {} : { direction }),
    });
  /** Everything of the schema that a dump would show, bookkeeping aside. */
  const shape = () =>
    database.query(`
      select c.relname::text as name, c.relkind::text as kind, c.relacl::text as rights
      from pg_class c where c.relnamespace = 'event_log'::regnamespace and c.relname not like 'migrations%'
      union all
      select p.proname, 'function', p.proacl::text from pg_proc p where p.pronamespace = 'event_log'::regnamespace
      union all
      select 'schema', 'rights', n.nspacl::text from pg_namespace n where n.nspname = 'event_log'
      order by 1, 2`);

  it('go up, down to nothing, and up to the same again', async () => {
    expect(await run()).toEqual(['001-log']);
    const first = await shape();
    expect(first.map(({ name }) => name as string)).toEqual(
      expect.arrayContaining(['append', 'checkpoints', 'events']),
    );
    expect(await run('down')).toEqual(['001-log']);
    expect((await shape()).filter(({ kind }) => kind !== 'rights')).toEqual([]);
    expect(await run()).toEqual(['001-log']);
    expect(await shape()).toEqual(first);
  });

  it('run by two at once are done once', async () => {
    await run('down-all');
    expect((await Promise.all([run(), run()])).flat()).toEqual(['001-log']);
  });
});
