import type { Migration } from '../../src/postgres';

/** Three steps; with `slow` the second one makes its table and then takes half a minute. */
export function testMigrations(slow = false): Migration[] {
  return ['one', 'two', 'three'].map((name) => ({
    name: `00-${name}`,
    up: async (database) => {
      await database.raw(`create table kit_migrations.${name} (n int)`);
      if (slow && name === 'two') {
        await database.raw('select pg_sleep(30)');
      }
    },
    down: (database) => database.raw(`drop table kit_migrations.${name}`),
  }));
}
