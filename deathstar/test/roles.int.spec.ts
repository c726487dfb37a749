import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { loginsSql, rolesSql } from '../src';

describe('the roles', () => {
  let database: TestDatabase;
  const clients: Client[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query('select projection.ensure_partitions(now(), now())');
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  async function as(user: 'deathstar' | 'destroyer' | 'emitter_migrator'): Promise<Client> {
    const { port, name } = database;
    const client = new Client({ host: '127.0.0.1', port, database: name, ...database.login(user) });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  }

  const denied = { code: '42501' };

  it('let the projector store and read targets, and nothing else of them', async () => {
    const deathstar = await as('deathstar');
    await expect(deathstar.query('select count(*) from projection.targets')).resolves.toBeDefined();
    for (const statement of [
      "update projection.targets set message = 'x'",
      'delete from projection.targets',
      'truncate projection.targets',
      'drop table projection.targets',
      'alter table projection.targets add x integer',
      'create table projection.mine (x integer)',
      'create table public.mine (x integer)',
      'create temporary table mine (x integer)',
      'create schema mine',
      'create view query.mine as select 1',
      'set role emitter_owner',
      'select * from query.targets',
      "insert into projection.migrations (name) values ('x')",
      'truncate projection.failed_events',
      'create role mine',
    ]) {
      await expect(deathstar.query(statement)).rejects.toMatchObject(denied);
    }
  });

  it('let the reader see the views and nothing behind them, and write nothing', async () => {
    const destroyer = await as('destroyer');
    await expect(destroyer.query('select * from query.targets, query.acquisitions')).resolves.toBeDefined();
    for (const statement of [
      'select * from projection.targets',
      'select * from projection.failed_events',
      'insert into query.targets (id) values (1)',
      "update query.targets set message = 'x'",
      'delete from query.acquisitions',
      'select projection.ensure_partitions(now(), now())',
      'select projection.drop_partitions_before(now())',
      'create table public.mine (x integer)',
      'create schema mine',
      'set role emitter_projector',
    ]) {
      await expect(destroyer.query(statement)).rejects.toMatchObject(denied);
    }
  });

  it('let the reader see a view that comes later, from its first moment', async () => {
    const migrator = await as('emitter_migrator');
    await migrator.query('set role emitter_owner');
    await migrator.query('create view query.later as select 1 as one');
    const destroyer = await as('destroyer');
    await expect(destroyer.query('select one from query.later')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('give the migrator nothing before it takes the owner’s role', async () => {
    const migrator = await as('emitter_migrator');
    await expect(migrator.query('select * from projection.targets')).rejects.toMatchObject(denied);
    await expect(migrator.query('create schema mine')).rejects.toMatchObject(denied);
  });

  it('own everything as groups that cannot log in', async () => {
    const owners = await database.query<{ owner: string }>(
      `select distinct pg_get_userbyid(relowner) as owner from pg_class
       where relnamespace in ('projection'::regnamespace, 'query'::regnamespace)
       union select pg_get_userbyid(proowner) from pg_proc where pronamespace = 'projection'::regnamespace`,
    );
    expect(owners).toEqual([{ owner: 'emitter_owner' }]);
    const groups = await database.query(
      "select rolname from pg_roles where rolname like 'emitter\\_%' and rolcanlogin",
    );
    expect(groups).toEqual([{ rolname: 'emitter_migrator' }]);
    const open = await database.query(
      `select proname from pg_proc where pronamespace = 'projection'::regnamespace and has_function_privilege('public', oid, 'execute')`,
    );
    expect(open).toEqual([]);
  });

  it('admit members only', async () => {
    await database.query(
      `do $$ begin create role stranger login password 'x'; exception when duplicate_object then null; end $$`,
    );
    const { port, name } = database;
    const stranger = new Client({ host: '127.0.0.1', port, database: name, user: 'stranger', password: 'x' });
    await expect(stranger.connect()).rejects.toMatchObject(denied);
    await database.query('drop role stranger');
  });

  it('can be set up again, by several at once', async () => {
    const again = async () => {
      await database.query(rolesSql());
      await database.query(loginsSql());
    };
    await again();
    const other = await createTestDatabase({ migrated: false });
    await Promise.all([again(), other.query(rolesSql()).then(() => other.query(loginsSql()))]);
    await other.drop();
    await expect((await as('destroyer')).query('select * from query.targets')).resolves.toBeDefined();
  });
});
