/**
 * npm run test:nodes: the unit and integration tests on the other Node versions that Emitter supports. The versions
 * come from npm into .cache/ (once, needs the network). With numbers, only those: npm run test:nodes -- 24
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../setup/build.mjs';
import { ensureInstalled } from '../setup/install.mjs';
import { capture, npm, root } from '../setup/program.mjs';
import { main, step, Trouble } from '../setup/progress.mjs';
import { jest } from './jest.mjs';

const supported = ['20', '22', '24'];
const asked = process.argv.slice(2);
const [running] = process.versions.node.split('.');
const tested = asked.length > 0 ? asked : supported.filter((major) => major !== running);

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  let code = 0;
  for (const major of tested) {
    const node = await fetchNode(major);
    const { output } = await capture(node, ['--version']);
    process.stderr.write(`On Node ${output.trim()}\n`);
    // All are run whatever becomes of the first: one run tells everything.
    const ended = await jest(`node-${major}`, ['--selectProjects', 'unit', 'int'], {}, node);
    code ||= ended;
  }
  return code;
});

/** The binary of the newest release of a major version. */
async function fetchNode(major) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, '.cache', `node-${major}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    await step(`Fetching ${name}@${major}`, async () => {
      // Into a folder of its own, so that neither package.json nor the lockfile of the checkout knows of it.
      const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
      const [command, args] = npm(['install', '--prefix', folder, ...options, `${name}@${major}`]);
      const { code, output } = await capture(command, args, { env: { ...process.env, npm_config_loglevel: 'error' } });
      if (code !== 0) {
        const why = output.trim().split('\n').slice(-5).join('\n');
        throw new Trouble(`test:nodes lacks Node ${major}: npm could not fetch ${name}@${major}.\n${why}`);
      }
    });
  }
  return binary;
}
