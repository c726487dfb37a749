import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.mjs';
import { capture, installed, root } from './program.mjs';
import { step, Trouble } from './progress.mjs';

const stamp = join(root, '.cache', 'built');

/** Compiles every package when a source has changed since the last time. */
export async function ensureBuilt() {
  if (!isBuilt()) {
    await alone(async () => {
      if (!isBuilt()) {
        await step('Building', build);
      }
    });
  }
}

function packages() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces;
}

function isBuilt() {
  const compiled = packages().every((name) => existsSync(join(root, name, 'dist', '.tsbuildinfo')));
  return compiled && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

/** Changes whenever a source is added, removed, or written. */
function fingerprint() {
  const hash = createHash('sha256');
  const note = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  };
  note(join(root, 'package-lock.json'));
  note(join(root, 'tsconfig.base.json'));
  for (const name of packages()) {
    note(join(root, name, 'tsconfig.json'));
    const entries = readdirSync(join(root, name, 'src'), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile() && !each.name.endsWith('.spec.ts'))) {
      note(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return hash.digest('hex');
}

async function build() {
  const before = fingerprint();
  // tsc goes by times. Sources that were copied here with older times than the last build look built to it, and what
  // depends on them fails: before that counts, everything is compiled anew.
  let { code, output } = await compile('-b');
  if (code !== 0) {
    ({ code, output } = await compile('-b', '--force'));
  }
  if (code !== 0) {
    throw new Trouble(`The build failed:\n\n${output.trim()}`);
  }
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, before);
}

function compile(...options) {
  return capture(process.execPath, [installed('typescript/bin/tsc'), ...options, '--pretty', 'false']);
}
