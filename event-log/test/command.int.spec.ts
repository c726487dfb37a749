import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../local/src/testing';
import { migrateConfig } from '../src/migrate-config';

describe('the command event-log', () => {
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'event-log-'));
  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    writeFileSync(join(folder, 'password'), `${database.password('emitter_migrator')}\n`);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const run = (...args: string[]) => {
    const register = join(__dirname, '../../kit/test/support/typescript.cjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['-r', register, join(__dirname, '../src/main.ts'), ...args],
      {
        encoding: 'utf8',
        env: { EVENT_LOG_URL: database.url('emitter_migrator'), EVENT_LOG_PASSWORD_FILE: join(folder, 'password') },
      },
    );
    return { status, output: stdout + stderr };
  };

  it('migrates up, again, and down', async () => {
    expect(run('migrate')).toMatchObject({ status: 0 });
    expect(run('migrate')).toMatchObject({ status: 0, output: expect.stringContaining('up to date') as string });
    expect(await database.query('select event_log.head()')).toEqual([{ head: '0' }]);
    expect(run('migrate', '--down')).toMatchObject({ status: 0 });
  });

  it('says what is wrong, and exits with a code', () => {
    expect(run('migrate', '--event-log-user', 'destroyer', '--event-log-url', database.url('destroyer'))).toMatchObject(
      {
        status: 1,
        output: expect.stringContaining('could not be migrated') as string,
      },
    );
    expect(run('migrate', '--event-log-url', 'mysql://x/y').status).toBe(2);
    expect(run('migrat').status).toBe(2);
    expect(run('--help').output).toContain('migrate');
  });

  it('declares what it needs', () => {
    expect(migrateConfig.fields.map(({ name }) => name)).toContain('eventLogUrl');
  });
});
