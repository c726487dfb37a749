import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure } from '@emitter/kit';
import { benchConfig } from './config';
import { profileReport, profilingEnv } from './profile';
import { chart, merged, table, withFigures, type Results } from './report';
import { runBench } from './run-bench';
import { fullScale, quickScale } from './scale';
import { suites } from './suites';

const repository = join(__dirname, '../..');

async function main(): Promise<void> {
  const values = configure(benchConfig, process);
  if (values === undefined) {
    return;
  }
  if (process.platform !== 'linux') {
    throw new Error('the bench reads CPU time and memory from /proc, so it needs Linux; run it in a container');
  }
  const { quick, profile } = values;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupted.abort(new Error('interrupted')));
  const profiles = profile ? await mkdtemp(join(tmpdir(), 'emitter-profile-')) : undefined;
  const started = performance.now();
  const results = await runBench({
    suites: suites.filter(({ name }) => values.suites.length === 0 || values.suites.includes(name)),
    scale: quick ? quickScale : fullScale,
    quick,
    ...(profiles === undefined ? {} : { servicesEnv: profilingEnv(profiles) }),
    say: (text) =>
      process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${text}\n`),
    signal: interrupted.signal,
  });
  process.stdout.write(`${table(results)}\n\n`);
  if (profiles !== undefined) {
    process.stdout.write(`${await profileReport(profiles)}\n`);
  }
  const isForKeeps = !quick && !profile;
  const out = values.out ?? (isForKeeps ? join(repository, 'bench/results') : undefined);
  if (out !== undefined) {
    await keep(results, out);
  }
  if (isForKeeps && values.out === undefined) {
    await writeDocument(out ?? '');
  }
}

/** Writes latest.json and latest.svg; suites that were not run keep their figures. */
async function keep(results: Results, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'latest.json');
  const all = merged(await read(file), results);
  await writeFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
  await writeFile(join(folder, 'latest.svg'), chart(all));
  process.stdout.write(`Written: ${file} and latest.svg beside it\n`);
}

async function read(file: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch {
    return undefined; // the first run
  }
}

async function writeDocument(folder: string): Promise<void> {
  const file = join(repository, 'docs/performance.md');
  const results = await read(join(folder, 'latest.json'));
  if (results !== undefined) {
    await writeFile(file, withFigures(await readFile(file, 'utf8'), results));
    process.stdout.write(`Written: ${file}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
