import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlFile, unprepared } from './statement';

describe('a statement in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'statement-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is prepared under its file and its text', () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'one.sql'), 'select 1\n');
    const before = sqlFile(folder, 'sub/one.sql');
    expect(before.text).toBe('select 1');
    expect(before.name).toMatch(/^sub-one-[0-9a-f]{8}$/);
    writeFileSync(join(folder, 'sub', 'one.sql'), 'select 2\n');
    expect(sqlFile(folder, 'sub/one.sql').name).not.toBe(before.name);
  });

  it('may also run unprepared', () => {
    expect(unprepared('select')).toEqual({ name: '', text: 'select' });
  });
});
