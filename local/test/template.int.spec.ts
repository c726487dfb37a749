import { createTestDatabase } from '../src/testing';

it('gives every test file a migrated database of its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    const [schemas] = await Promise.all([
      one.query<{ name: string }>(`
        select nspname as name from pg_namespace where nspname in ('event_log', 'projection', 'query') order by nspname
      `),
      other.query('drop schema query cascade'),
    ]);
    expect(schemas.map(({ name }) => name)).toEqual(['event_log', 'projection', 'query']);
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});
