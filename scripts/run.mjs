/**
 * Runs one of Emitter's programs from a checkout, whatever state it is in: installs and builds first when that is
 * needed. In this same process, so that signals and the exit code are the program's own.
 *
 *   node scripts/run.mjs local/dist/demo/main.js --keep
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { root } from './setup/program.mjs';
import { main } from './setup/progress.mjs';

const [program, ...args] = process.argv.slice(2);

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const path = join(root, program);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
  return process.exitCode;
});
