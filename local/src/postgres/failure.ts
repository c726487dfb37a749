import { EmitterError } from '@emitter/kit';

/** Why a server did not start, as far as Emitter can do something about it. */
export type StartFailure =
  'port-taken' | 'disk-full' | 'shared-memory' | 'still-stopping' | 'library-missing' | 'other';

/** What the programs say, and what it means. Sources: src/backend/port/sysv_shmem.c, src/backend/libpq/pqcomm.c, ld.so. */
const signs: readonly (readonly [RegExp, StartFailure])[] = [
  [/No space left on device|Disk quota exceeded|File too large|Check free disk space|ENOSPC/, 'disk-full'],
  [/Address already in use/, 'port-taken'],
  [/pre-existing shared memory block .* is still in use|lock file "postmaster\.pid" already exists/, 'still-stopping'],
  [/could not (create|resize|map|open) (anonymous )?shared memory|Cannot allocate memory/, 'shared-memory'],
  [/error while loading shared libraries|Library not loaded|symbol not found|ENOENT/, 'library-missing'],
];

/** Reads what initdb or postgres said when it failed. */
export function failureOf(output: string): StartFailure {
  return signs.find(([sign]) => sign.test(output))?.[1] ?? 'other';
}

const reasons: Readonly<Partial<Record<StartFailure, (place: string) => string>>> = {
  'disk-full': (place) => `the disk is full: there is no room left below ${place} (it needs about 60 MB)`,
  'port-taken': () => 'its port is taken by another program',
  'shared-memory': () =>
    'the system gave it no shared memory (in a container, give /dev/shm more room: docker run --shm-size=128m)',
  'still-stopping': (place) => `another Postgres still runs in ${place}`,
  'library-missing': () =>
    'its binaries do not run on this system (a shared library is missing); install PostgreSQL 15 to 18 yourself ' +
    'and set EMITTER_POSTGRES_BIN',
};

/** The error for a person: what happened, why as far as it is known, and the last lines that the program wrote. */
export function startError(what: string, place: string, output: string): EmitterError {
  const reason = reasons[failureOf(output)]?.(place);
  const lines = output.trim().split('\n').slice(-6).join('\n  ');
  const because = reason === undefined ? '' : ` because ${reason}`;
  const said = lines === '' ? ', and it did not say why.' : `. It said:\n  ${lines}`;
  return new EmitterError('UNAVAILABLE', `${what}${because}${said}`);
}
