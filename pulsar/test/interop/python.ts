import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '3.13.0';
const FOLDER = join(process.env.EMITTER_CACHE ?? join(homedir(), '.cache', 'emitter', 'pulsar'), `python-${VERSION}`);

/** The Python of a virtual environment with `pulsar-client`, made once. Raises what is missing. */
function python(): string {
  const binary = join(FOLDER, 'bin', 'python');
  if (spawnSync(binary, ['-c', 'import pulsar']).status === 0) return binary;
  if (!existsSync(binary)) execFileSync('python3', ['-m', 'venv', FOLDER], { stdio: 'pipe' });
  execFileSync(join(FOLDER, 'bin', 'pip'), ['install', '-q', `pulsar-client==${VERSION}`], { stdio: 'pipe' });
  return binary;
}

/** Has the Python client do something; see `peer.py`. */
export async function askPython<T>(ask: object): Promise<T> {
  const { stdout } = await promisify(execFile)(python(), [join(__dirname, 'peer.py'), JSON.stringify(ask)], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as T;
}
