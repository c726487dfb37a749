/**
 * Prints `N passed, N failed` over the tiers' results that jest left; a tier without results could not start and
 * counts as failed. Exit code 1 when anything failed.
 *
 *   node scripts/ci/tally.mjs unit-int e2e oldest
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { results } from '../test/jest.mjs';

let passed = 0;
let failed = 0;
for (const tier of process.argv.slice(2)) {
  try {
    const result = JSON.parse(readFileSync(join(results, `${tier}.json`), 'utf8'));
    passed += result.numPassedTests;
    // A file that does not load has no tests to count, and is a failure nevertheless.
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    if (result.numTotalTests === 0) {
      process.stderr.write(`${tier}: no test was run\n`);
      failed += 1;
    }
  } catch (error) {
    process.stderr.write(`${tier}: could not start (${error.message})\n`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
