import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './program.mjs';

const cache = join(root, '.cache');
const file = join(cache, 'setup.lock');

/** Does work that only one process may do in a checkout at a time; another one waits for its end. */
export async function alone(work) {
  mkdirSync(cache, { recursive: true });
  for (let told = false; !take(); told = true) {
    if (!told) {
      process.stderr.write('Another Emitter command is setting up this checkout; waiting for it …\n');
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  }
  // A lock whose holder is gone (Ctrl-C, a crash) is nobody's.
  if (!alive(Number(readFileOr(file, '')))) {
    rmSync(file, { force: true });
  }
  return false;
}

function readFileOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

function alive(pid) {
  // 0 is a lock that is being written just now: its holder lives.
  if (pid === 0) {
    return true;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
