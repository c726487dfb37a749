import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../src/testing';

describe('a test database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });

  afterAll(async () => {
    await database.drop();
  });

  it.each(['postgres', 'emitter_migrator', 'destroyer', 'deathstar'] as const)(
    'lets %s in, with a password',
    async (login) => {
      const client = new Client({
        ...database.login(login),
        host: '127.0.0.1',
        port: database.port,
        database: database.name,
      });
      await client.connect();
      const { rows } = await client.query<{ who: string }>('select current_user as who');
      await client.end();
      expect(rows).toEqual([{ who: login }]);
    },
  );

  it('lets nobody in without one', async () => {
    const client = new Client({
      user: 'destroyer',
      password: 'wrong',
      host: '127.0.0.1',
      port: database.port,
      database: database.name,
    });
    await expect(client.connect()).rejects.toThrow(/password authentication failed/);
  });
});
