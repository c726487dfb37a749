import { fixedCredential, unprepared, type Postgres } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { openReadModel, readModelDependency } from '../src/read-model';
import { connect } from './support/read-model';

describe('the read model’s database', () => {
  let database: TestDatabase;
  let postgres: Postgres;

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await postgres.close();
    await database.drop();
  });

  const check = () => {
    postgres = connect(database);
    return readModelDependency(postgres).check();
  };

  it('makes durable what it commits, whatever the login’s setting is', async () => {
    await database.query(`alter database ${database.name} set synchronous_commit = off`);
    postgres = openReadModel({
      url: database.url('deathstar'),
      login: fixedCredential(database.login('deathstar')),
      maxConnections: 1,
    });
    expect(await postgres.query(unprepared('show synchronous_commit'))).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('is up when everything can be written', async () => {
    expect(await check()).toMatchObject({ up: true });
    expect(await database.query('select from projection.failed_events')).toEqual([]);
  });

  it('is down while the database is read-only', async () => {
    await database.query(`alter database ${database.name} set default_transaction_read_only = on`);
    expect(await check()).toMatchObject({ up: false, error: 'the read model refused (25006)' });
  });

  it.each([
    'revoke insert on projection.targets from emitter_projector',
    'revoke insert on projection.failed_events from emitter_projector',
    'revoke update on projection.failed_events from emitter_projector',
    'revoke delete on projection.failed_events from emitter_projector',
  ])('is down after “%s”', async (statement) => {
    await database.query(statement);
    expect(await check()).toMatchObject({ up: false, error: 'the read model refused (42501)' });
  });
});
