import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { migrateReadModel } from '../src';
import { migrations } from '../src/read-model/migrations';
import { until } from './support/until';

describe('the migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createTestDatabase({ migrated: false })));
  afterEach(() => database.drop());

  const migrate = (direction?: 'up' | 'down' | 'down-all') =>
    migrateReadModel({
      url: `postgres://127.0.0.1:${database.port}/${database.name}`,
      login: database.login('emitter_migrator'),
      ...(direction === undefined ? {} : { direction }),
    });

  /** Everything that the migrations make: relations, columns, indexes, functions and who may do what. */
  async function shape(): Promise<unknown[]> {
    return database.query(
      `select 'relation' as kind, oid::regclass::text as name, relacl::text as detail from pg_class
         where relnamespace in (select oid from pg_namespace where nspname in ('projection', 'query'))
           and relkind in ('r', 'p', 'v', 'i', 'I') and relname !~ '^(pk_|migrations)' and relname !~ '_pkey$'
       union all
       select 'column', attrelid::regclass::text || '.' || attname, atttypid::regtype::text from pg_attribute
         where attrelid in ('projection.targets'::regclass, 'projection.failed_events'::regclass) and attnum > 0
       union all
       select 'function', oid::regprocedure::text, proacl::text from pg_proc where pronamespace = 'projection'::regnamespace
       union all
       select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'projection'::regnamespace
       order by 1, 2, 3`,
    );
  }

  const exists = async () =>
    (
      await database.query(
        "select from pg_class where oid in (to_regclass('projection.targets'), to_regclass('query.targets'))",
      )
    ).length;

  it('go up, down, and up to the same', async () => {
    expect(await migrate()).toEqual(migrations.map(({ name }) => name));
    expect(await migrate()).toEqual([]);
    const first = await shape();
    await database.query("select projection.ensure_partitions(now() - interval '1 year', now())");
    expect(await migrate('down-all')).toEqual(migrations.map(({ name }) => name).reverse());
    const left = await database.query(
      `select relname from pg_class where relnamespace in (select oid from pg_namespace where nspname in ('projection', 'query'))
         and relkind in ('r', 'p', 'v') and relname !~ '^migrations'
       union all select proname from pg_proc where pronamespace = (select oid from pg_namespace where nspname = 'projection')`,
    );
    expect(left).toEqual([]);
    expect(await migrate('down')).toEqual([]);
    await migrate('up');
    expect(await shape()).toEqual(first);
  });

  it('run once when two start at once', async () => {
    const runs = await Promise.all([migrate(), migrate(), migrate()]);
    expect(runs.flat()).toEqual(migrations.map(({ name }) => name));
    expect(await exists()).toBe(2);
  });

  it.each(['up', 'down-all'] as const)(
    'killed half-way %s leave a whole step, and the next run completes',
    async (direction) => {
      if (direction === 'down-all') {
        await migrate();
      }
      // Whoever holds this lock stops the migration in its middle, after statements that took effect in its transaction.
      const blocker = await database.admin.connect();
      await blocker.query(
        direction === 'up'
          ? `create function public.stop() returns event_trigger language plpgsql as $$ begin
             if current_query() like '%failed_events%' then perform pg_advisory_xact_lock(4711); end if; end $$;
           create event trigger stop_half_way on ddl_command_end execute function public.stop();
           grant usage on schema public to emitter_owner;
           select pg_advisory_lock(4711)`
          : 'begin; lock table projection.failed_events in access exclusive mode',
      );
      const child = startMigration(database, direction);
      await until(
        async () =>
          (
            await database.query(
              "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
            )
          ).length > 0,
        'the migration waits in its middle',
      );
      child.kill('SIGKILL');
      await once(child, 'exit');
      await blocker.query(
        direction === 'up' ? 'drop event trigger stop_half_way; select pg_advisory_unlock(4711)' : 'rollback',
      );
      blocker.release(true);
      await until(
        async () =>
          (
            await database.query(
              "select from pg_stat_activity where usename = 'emitter_migrator' and datname = current_database()",
            )
          ).length === 0,
        'its session to end',
      );
      expect(await exists()).toBe(direction === 'up' ? 0 : 2);
      expect(await migrate(direction)).toEqual(migrations.map(({ name }) => name));
      expect(await exists()).toBe(direction === 'up' ? 2 : 0);
    },
  );
});

/** The migration in a process of its own, as the command runs it. */
function startMigration(database: TestDatabase, direction: string): ChildProcess {
  const { port, name } = database;
  const { user, password } = database.login('emitter_migrator');
  const options = { url: `postgres://127.0.0.1:${port}/${name}`, login: { user, password }, direction };
  return fork(join(__dirname, 'support/migrate-process.ts'), [JSON.stringify(options)], {
    execArgv: ['-r', join(__dirname, '../../kit/test/support/typescript.cjs')],
  });
}
