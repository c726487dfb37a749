import { failureOf, startError } from './failure';

describe('why a start failed', () => {
  it.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'disk-full'],
    ['initdb: error: could not write file: Disk quota exceeded', 'disk-full'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', 'still-stopping'],
    ['FATAL:  lock file "postmaster.pid" already exists', 'still-stopping'],
    ['FATAL:  could not create shared memory segment: Cannot allocate memory', 'shared-memory'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'shared-memory'],
    ['postgres: error while loading shared libraries: libicuuc.so.60', 'library-missing'],
    ['spawn /x/bin/postgres ENOENT', 'library-missing'],
    ['something else', 'other'],
  ])('%s', (output, failure) => {
    expect(failureOf(output)).toBe(failure);
  });

  it('is told with the place and the last lines', () => {
    const lines = Array.from({ length: 9 }, (_, at) => `line ${at}`).join('\n');
    const { code, message } = startError('Postgres did not start', '/data', `${lines}\nNo space left on device\n`);
    expect(code).toBe('UNAVAILABLE');
    expect(message).toMatch(/^Postgres did not start because the disk is full: .*\/data/);
    expect(message).toContain('line 8');
    expect(message).not.toContain('line 2');
  });

  it('is told without lines when there were none', () => {
    expect(startError('It failed', '/data', '').message).toBe('It failed, and it did not say why.');
  });
});
