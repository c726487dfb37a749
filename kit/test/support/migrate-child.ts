import { migrate } from '../../src/postgres';
import { testMigrations } from './migrations';

/** Migrates in a process of its own, for a test to kill. Its one argument is JSON: url, login, direction. */
const options = JSON.parse(process.argv[2] ?? '{}') as Pick<Parameters<typeof migrate>[0], 'url' | 'login'>;
void migrate({ schema: 'kit_migrations', ownerRole: 'emitter_owner', migrations: testMigrations(true), ...options });
