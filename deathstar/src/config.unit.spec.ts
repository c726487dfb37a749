import { loadConfig } from '@emitter/kit';
import { deathstarConfig } from './config';
import { migrateConfig } from './migrate';

const sources = (argv: string[] = [], env: Record<string, string> = {}) => ({ argv, env, readFile: () => 'secret\n' });

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(loadConfig(deathstarConfig, sources())).toMatchObject({
      kind: 'values',
      values: { databaseUser: 'deathstar', maxAttempts: 5, firstRetry: 1_000, retention: undefined },
    });
    expect(loadConfig(migrateConfig, sources())).toMatchObject({
      values: { databaseUser: 'emitter_migrator', down: false },
    });
  });

  it('take passwords as files and retention in days', () => {
    const env = { DATABASE_PASSWORD_FILE: '/run/password', RETENTION: '90d' };
    expect(loadConfig(deathstarConfig, sources([], env))).toMatchObject({
      values: { databasePassword: 'secret', retention: 90 * 24 * 3_600_000 },
    });
  });

  it('list every mistake', () => {
    const argv = ['--retention', '1d', '--max-attempts', '0', '--database-connections', '2'];
    expect(() => loadConfig(deathstarConfig, sources(argv))).toThrow(/--retention[^]*|--max-attempts[^]*/);
  });
});
