import { access, cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { constants } from 'node:fs';
import { EmitterError } from '@emitter/kit';
import { mayReach, type Account } from './account';
import { binariesPackage, type Platform } from './platform';

/** A folder with `initdb` and `postgres`. */
export interface Binaries {
  readonly bin: string;
  /** Whether they are those from npm: a folder of nothing else, whose `bin` this is. */
  readonly fromNpm: boolean;
}

/**
 * Finds PostgreSQL's binaries: in the folder given (any PostgreSQL 15 to 18), else those that npm installed.
 * @throws EmitterError CONFIG_INVALID saying what is missing and how to get it
 */
export async function findBinaries(given: string | undefined, platform: Platform): Promise<Binaries> {
  if (given !== undefined && given !== '') {
    await expectPrograms(given, `EMITTER_POSTGRES_BIN is ${given}, which holds no`);
    return { bin: given, fromNpm: false };
  }
  const name = binariesPackage(platform);
  const bin = join(packageFolder(name), 'native', 'bin');
  await expectPrograms(bin, `The package ${name} is damaged (run npm ci): ${bin} holds no`);
  return { bin, fromNpm: true };
}

function packageFolder(name: string): string {
  try {
    // The package exports only its main module, dist/index.js.
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    const message =
      `PostgreSQL's binaries for this machine are not installed (${name}, an optional dependency). ` +
      'Run npm ci without --omit=optional, on the system that will run them.';
    throw new EmitterError('CONFIG_INVALID', message, { cause });
  }
}

async function expectPrograms(bin: string, complaint: string): Promise<void> {
  for (const program of ['initdb', 'postgres']) {
    await access(join(bin, program), constants.X_OK).catch((cause: unknown) => {
      throw new EmitterError('CONFIG_INVALID', `${complaint} program ${program}.`, { cause });
    });
  }
}

/**
 * Makes binaries fit to be run by an account. The npm package's libraries need links that an npm with install
 * scripts switched off never made, and a checkout below a private folder is closed to the account that Postgres
 * runs as when we are root; where either cannot be had in place, a copy below `dir` serves.
 * @throws EmitterError CONFIG_INVALID when the account may not use binaries that are not npm's
 */
export async function prepareBinaries(
  binaries: Binaries,
  account: Account | undefined,
  dir: string,
): Promise<Binaries> {
  const reachable = account === undefined || (await mayReach(binaries.bin, account));
  if (!binaries.fromNpm) {
    if (!reachable) {
      const message = `Postgres refuses to run as root and runs as ${account.name} instead, which may not use ${binaries.bin}.`;
      throw new EmitterError('CONFIG_INVALID', message);
    }
    return binaries;
  }
  const native = dirname(binaries.bin);
  if (reachable && (await linkLibraries(native))) {
    return binaries;
  }
  const copy = join(dir, 'binaries');
  await cp(native, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
  await linkLibraries(copy);
  return { bin: join(copy, basename(binaries.bin)), fromNpm: true };
}

/** Makes the links listed in the package; false when the folder cannot be written. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // The list's paths begin with the folder's own name, native/.
    const link = join(native, relative('native', target));
    const made = await symlink(relative(dirname(target), source), link).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST',
    );
    if (!made) {
      return false;
    }
  }
  return true;
}
