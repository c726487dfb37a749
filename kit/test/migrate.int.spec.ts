import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../local/src/testing';
import { migrate, type MigrateOptions } from '../src';
import { eventually } from './support/eventually';
import { testMigrations } from './support/migrations';

describe('the migration runner', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterEach(() => database.drop());

  const run = (options: Partial<MigrateOptions> = {}) =>
    migrate({
      url: database.url('emitter_migrator'),
      login: database.login('emitter_migrator'),
      schema: 'kit_migrations',
      ownerRole: 'emitter_owner',
      migrations: testMigrations(),
      ...options,
    });
  const tables = async () => {
    const rows = await database.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'kit_migrations' and tablename not like 'migrations%' order by 1`,
    );
    return rows.map(({ tablename }) => tablename);
  };
  const all = ['00-one', '00-two', '00-three'];

  it('goes up, down by one, down to nothing, and up again', async () => {
    const lines: unknown[] = [];
    expect(await run({ logger: { info: (...line: unknown[]) => void lines.push(line) } as never })).toEqual(all);
    expect(lines).toHaveLength(3);
    expect(await run()).toEqual([]);
    expect(await run({ direction: 'down' })).toEqual(['00-three']);
    expect(await tables()).toEqual(['one', 'two']);
    expect(await run({ direction: 'down-all' })).toEqual(['00-two', '00-one']);
    expect(await tables()).toEqual([]);
    expect(await run({ direction: 'down' })).toEqual([]);
    expect(await run()).toEqual(all);
    expect(await tables()).toEqual(['one', 'three', 'two']);
  });

  it('leaves what it makes to the owner', async () => {
    await run();
    const owners = await database.query(
      `select distinct tableowner from pg_tables where schemaname = 'kit_migrations'`,
    );
    expect(owners).toEqual([{ tableowner: 'emitter_owner' }]);
  });

  it('takes back a migration that fails, keeps those before, and goes on when it is mended', async () => {
    const broken = testMigrations().map((migration) =>
      migration.name === '00-two'
        ? {
            ...migration,
            up: async (...[knex]: Parameters<typeof migration.up>) => {
              await migration.up(knex);
              await knex.raw('select 1/0');
            },
          }
        : migration,
    );
    await expect(run({ migrations: broken })).rejects.toMatchObject({ code: '22012' });
    expect(await tables()).toEqual(['one']);
    expect(await run()).toEqual(['00-two', '00-three']);
  });

  it('killed half-way, it leaves whole steps, and the next run goes on from there', async () => {
    const options = { url: database.url('emitter_migrator'), login: database.login('emitter_migrator') };
    const child = spawn(
      process.execPath,
      [
        '-r',
        join(__dirname, 'support/typescript.cjs'),
        join(__dirname, 'support/migrate-child.ts'),
        JSON.stringify(options),
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const exited = once(child, 'exit');
    const asleep = async () =>
      (
        await database.query(`select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'
        and datname = current_database() and pid <> pg_backend_pid()`)
      ).length > 0;
    await eventually(asleep, 'the second migration under way', 20_000);
    child.kill('SIGKILL');
    await exited;
    // The server notices when it next has something to say to the one it works for; here it is told.
    await database.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'
      and datname = current_database()`);
    expect(await tables()).toEqual(['one']);
    expect(await run()).toEqual(['00-two', '00-three']);
  });

  it('run several times at once, each migration is done once', async () => {
    const ran = await Promise.all([run(), run(), run()]);
    expect(ran.flat()).toEqual(all);
  });

  it('frees a lock that an earlier process left in knex’s table', async () => {
    await run({ migrations: testMigrations().slice(0, 1) });
    await database.query('update kit_migrations.migrations_lock set is_locked = 1');
    expect(await run()).toEqual(['00-two', '00-three']);
  });

  it('says so when another process migrates for too long', async () => {
    const holder = await database.admin.connect();
    await holder.query(`select pg_advisory_lock(hashtextextended('migrate kit_migrations', 0))`);
    await expect(run({ lockTimeoutMs: 200 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await holder.query('select pg_advisory_unlock_all()');
    holder.release();
    expect(await run()).toEqual(all);
  });

  it('says why it cannot begin', async () => {
    await expect(run({ login: { user: 'emitter_migrator', password: 'wrong' } })).rejects.toMatchObject({
      code: '28P01',
    });
    await expect(run({ login: database.login('destroyer'), url: database.url('destroyer') })).rejects.toMatchObject({
      code: '42501',
    });
  });
});
