import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createTemporaryFolder } from './temporary-folder';

it('has an absolute path also where TMPDIR is relative, for whoever works in another folder', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'emitter-test-'));
  const folder = await createTemporaryFolder('relative-', relative(process.cwd(), parent));
  expect(folder.path.startsWith(join(parent, 'relative-'))).toBe(true);
  expect(folder.postgres).toBe(join(folder.path, 'postgres'));
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
  rmSync(parent, { recursive: true });
});
