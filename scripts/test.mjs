/**
 * npm test: sets the checkout up, then runs every test that needs nothing but what npm installs.
 *
 *   npm test                       unit and integration tests with coverage enforced, then end-to-end tests
 *   npm test -- --fast             unit and integration tests only, without coverage
 *   npm test -- kit/src/config     what jest is told: paths, -t, --watch, …
 */
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { main } from './setup/progress.mjs';
import { jest } from './test/jest.mjs';

const args = process.argv.slice(2);

await main(async () => {
  const started = Date.now();
  await ensureInstalled();
  await ensureBuilt();
  const fast = args.includes('--fast');
  const forJest = args.filter((arg) => arg !== '--fast');
  if (forJest.length > 0) {
    return jest('chosen', [...(fast ? ['--selectProjects', 'unit', 'int', '--'] : []), ...forJest]);
  }
  if (fast) {
    return jest('unit-int', ['--selectProjects', 'unit', 'int']);
  }
  // Both are run whatever becomes of the first: one run tells everything.
  const inProcess = await jest('unit-int', ['--coverage', '--selectProjects', 'unit', 'int']);
  const wholeProcesses = await jest('e2e', ['--selectProjects', 'e2e']);
  process.stderr.write(`\nnpm test took ${Math.round((Date.now() - started) / 1000)} s\n`);
  return inProcess || wholeProcesses;
});
