import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installed, root, run } from '../setup/program.mjs';

/** Where each tier's results are left for `.ci/run`. */
export const results = join(root, '.cache', 'results');

/** Runs jest as a tier, on this Node unless told; its exit code. Leaves its results in `.cache/results/<tier>.json`. */
export async function jest(tier, args, env = {}, node = process.execPath) {
  const outputFile = join(results, `${tier}.json`);
  mkdirSync(results, { recursive: true });
  rmSync(outputFile, { force: true });
  process.stderr.write(`\nTests: ${tier}\n`);
  const program = join(installed('jest/package.json'), '..', 'bin', 'jest.js');
  return run(node, [program, '--json', `--outputFile=${outputFile}`, ...args], {
    env: { ...process.env, ...env },
  });
}
