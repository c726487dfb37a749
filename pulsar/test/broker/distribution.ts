import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const VERSION = '4.0.8';
const REPOSITORY = process.env.MAVEN_REPOSITORY ?? 'https://repo.maven.apache.org/maven2';
const ARTIFACT = `pulsar-server-distribution-${VERSION}-bin.tar.gz`;
const URL = `${REPOSITORY}/org/apache/pulsar/pulsar-server-distribution/${VERSION}/${ARTIFACT}`;
const SHA512 =
  '65b769b10696cdfebf7fc5bcdc95dd663702e27051e616c1a13cb100e91279525be35352171befe7b0011176330aab29bd0a6c8a0f2f0646641af46d2e33cbd6';
const CACHE = process.env.EMITTER_CACHE ?? join(homedir(), '.cache', 'emitter', 'pulsar');

/** What a broker can be started with. */
export type Runtime = { kind: 'java'; home: string } | { kind: 'docker'; image: string };

/**
 * The Pulsar to run: the distribution on Java 17 or newer, downloaded once; otherwise Docker.
 * Raises a line that says what to install when there is neither.
 */
export async function findRuntime(): Promise<Runtime> {
  if (javaVersion() >= 17) return { kind: 'java', home: await distribution() };
  if (spawnSync('docker', ['info'], { timeout: 10_000 }).status === 0)
    return { kind: 'docker', image: `apachepulsar/pulsar:${VERSION}` };
  throw new Error(
    'A Pulsar broker needs Java 17 or newer (for example: apt install openjdk-17-jre-headless), or a running Docker.',
  );
}

/** Major version of the Java on the path, 0 for none. */
function javaVersion(): number {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

async function distribution(): Promise<string> {
  const home = join(CACHE, `apache-pulsar-${VERSION}`);
  if (existsSync(join(home, '.complete'))) return home;
  await mkdir(CACHE, { recursive: true });
  const work = join(CACHE, `.unpacking-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const archive = await download(work);
    await promisify(execFile)('tar', ['xzf', archive, '-C', work]);
    await promisify(execFile)('touch', [join(work, `apache-pulsar-${VERSION}`, '.complete')]);
    await rm(home, { recursive: true, force: true });
    await rename(join(work, `apache-pulsar-${VERSION}`), home);
  } catch (error) {
    // Another process may have been faster; then there is nothing to complain about.
    if (!existsSync(join(home, '.complete'))) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return home;
}

async function download(work: string): Promise<string> {
  // Where Maven keeps it, when somebody fetched it that way.
  const local = join(homedir(), '.m2/repository/org/apache/pulsar/pulsar-server-distribution', VERSION, ARTIFACT);
  const archive = existsSync(local) ? local : join(work, ARTIFACT);
  if (archive !== local) {
    process.stderr.write(`Downloading ${URL} (245 MB, once)\n`);
    const response = await fetch(URL);
    if (!response.ok || !response.body) throw new Error(`${URL}: HTTP ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  }
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  const actual = hash.digest('hex');
  if (actual !== SHA512) throw new Error(`${archive} is not Pulsar ${VERSION}: its SHA-512 is ${actual}`);
  return archive;
}
