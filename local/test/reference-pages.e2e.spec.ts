import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

describe('the reference pages', () => {
  it.each(['docs/errors.md', 'docs/configuration.md'])('%s is up to date (else: npm run generate)', (page) => {
    const scratch = mkdtempSync(join(tmpdir(), 'emitter-pages-'));
    try {
      execFileSync(process.execPath, [join(root, 'scripts/generate.mjs'), '--into', scratch]);
      expect(readFileSync(join(root, page), 'utf8')).toBe(readFileSync(join(scratch, page), 'utf8'));
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});
