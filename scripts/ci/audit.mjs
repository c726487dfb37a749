/**
 * Asks npm's registry for known weaknesses in what Emitter needs to run. High and critical ones fail; a registry that
 * answers no audits is a notice, because it says nothing about us.
 */
import { capture, npm } from '../setup/program.mjs';

const [command, args] = npm(['audit', '--omit=dev', '--json']);
const { stdout } = await capture(command, args);
const answer = parsed(stdout);
const found = answer.metadata?.vulnerabilities;
if (found === undefined) {
  console.log(`Notice: the registry answered no audit: ${answer.message ?? 'nothing at all'}`);
} else {
  const bad = found.high + found.critical;
  console.log(`npm audit: ${found.total} known weaknesses in what runs, ${bad} of them high or critical`);
  process.exitCode = bad > 0 ? 1 : 0;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
