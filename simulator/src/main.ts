import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion } from '@emitter/kit';
import { runSimulator } from './commands';

const version = packageVersion(join(__dirname, '..'));

const interrupted = new AbortController();

/** Made when a command first asks for it: `serve` takes the signals itself. A second one ends the process at once. */
function interruptSignal(): AbortSignal {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    if (process.listenerCount(signal) === 0) {
      process.once(signal, () => interrupted.abort());
    }
  }
  return interrupted.signal;
}

void runSimulator(process.argv.slice(2), version, {
  env: process.env,
  readFile: (path) => readFileSync(path, 'utf8'),
  stdout: process.stdout,
  stderr: process.stderr,
  get signal() {
    return interruptSignal();
  },
  process,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
