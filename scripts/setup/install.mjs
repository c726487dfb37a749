import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.mjs';
import { capture, npm, root } from './program.mjs';
import { step, Trouble } from './progress.mjs';

const lockfile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.emitter-installed');
// npm writes it last, so it is missing after an install that was cut short.
const npmsOwn = join(root, 'node_modules', '.package-lock.json');

/** Installs the dependencies when they are missing or the lockfile has changed since. */
export async function ensureInstalled() {
  expectNode();
  if (!isInstalled()) {
    await alone(async () => {
      if (!isInstalled()) {
        await step('Installing dependencies (once)', install);
      }
    });
  }
}

function expectNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 12)) {
    throw new Trouble(`Emitter needs Node 20.12 or later; this is ${process.versions.node}.`);
  }
}

function isInstalled() {
  if (!existsSync(npmsOwn)) {
    return false;
  }
  if (existsSync(stamp)) {
    return readFileSync(stamp, 'utf8') === lockfileHash();
  }
  return statSync(npmsOwn).mtimeMs >= statSync(lockfile).mtimeMs;
}

function lockfileHash() {
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
}

async function install() {
  // No package of ours needs its install script, so none is run: nothing but what the lockfile names decides.
  const [command, args] = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']);
  const { code, output } = await capture(command, args, { env: { ...process.env, npm_config_loglevel: 'error' } });
  if (code !== 0) {
    throw new Trouble(`${explain(output)}\n\nnpm said:\n${output.trim().split('\n').slice(0, 12).join('\n')}`);
  }
  writeFileSync(stamp, lockfileHash());
}

function explain(output) {
  if (/ENOSPC/.test(output)) {
    return 'The disk is full: the dependencies need about 500 MB.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|network/i.test(output)) {
    return 'npm cannot reach its registry. Installing needs the network once; after it Emitter runs without.';
  }
  if (/EUSAGE/.test(output)) {
    return 'package.json and package-lock.json of this checkout do not agree.';
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `npm may not write to ${root}. Use a checkout that is yours.`;
  }
  return 'npm could not install the dependencies.';
}
