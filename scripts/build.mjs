/** Compiles every package, after installing the dependencies if that is needed. */
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { main } from './setup/progress.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
