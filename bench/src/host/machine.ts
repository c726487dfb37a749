import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    kernel: `${type()} ${release()}`,
  };
}

/** The versions of Node and of the packages whose speed shows in the figures. */
export function versions(packages: readonly string[]): Record<string, string> {
  const found = packages.map((name) => [name, packageVersion(name)] as const);
  return { node: process.version, ...Object.fromEntries(found) };
}

function packageVersion(name: string): string {
  // Not every package exports its package.json, so it is looked for beside the package's own main file's folders.
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
