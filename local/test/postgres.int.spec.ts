import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  createTemporaryFolder,
  startPostgres,
  startTemporaryPostgres,
  type PostgresServer,
  type TemporaryFolder,
  type TemporaryPostgres,
} from '../src/postgres';
import { mayReach, serverAccount } from '../src/postgres/account';
import { findBinaries, prepareBinaries } from '../src/postgres/binaries';
import { newPasswords, setPasswords } from '../src/postgres/logins';
import { currentPlatform } from '../src/postgres/platform';

const bin = process.env.EMITTER_POSTGRES_BIN;

async function ask(server: PostgresServer, text: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const client = new Client({ host: '127.0.0.1', port: server.port, database: 'postgres', ...server.superuser });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
    return rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

describe('an embedded Postgres', () => {
  let server: TemporaryPostgres;

  beforeAll(async () => {
    server = await startTemporaryPostgres({ bin, settings: { work_mem: '7MB' } });
    await ask(server, 'create table kept (value int)');
  });

  afterAll(async () => {
    await server.remove();
    await expect(stat(join(server.log, '..', '..'))).rejects.toThrow('ENOENT');
  });

  it('keeps what was committed over a crash and a stop, on the same port', async () => {
    await ask(server, 'insert into kept values (1)');
    await server.kill();
    expect(server.running()).toBe(false);
    expect(server.pid()).toBeUndefined();
    await server.start();
    await ask(server, 'insert into kept values (2)');
    await server.stop();
    await server.start();
    await expect(ask(server, 'select value from kept order by 1')).resolves.toEqual([1, 2]);
  });

  it('writes no password to its log, not even when setting one fails', async () => {
    const { port, superuser } = server;
    const client = new Client({ host: '127.0.0.1', port, database: 'postgres', ...superuser });
    await client.connect();
    await client.query("set log_statement = 'all'");
    const passwords = newPasswords();
    // There are no such roles here.
    await expect(setPasswords(client, passwords)).rejects.toThrow('does not exist');
    await client.end();
    const log = await readFile(server.log, 'utf8');
    expect(log).toContain('does not exist');
    for (const password of Object.values(passwords)) {
      expect(log).not.toContain(password);
    }
  });

  it('waits for the disk at every commit, and takes the settings given', async () => {
    await expect(ask(server, 'show fsync')).resolves.toEqual(['on']);
    await expect(ask(server, 'show synchronous_commit')).resolves.toEqual(['on']);
    await expect(ask(server, 'show work_mem')).resolves.toEqual(['7MB']);
  });

  it('listens on this machine only, and asks for a password', async () => {
    await expect(ask(server, 'show listen_addresses')).resolves.toEqual(['127.0.0.1']);
    await expect(ask(server, 'show unix_socket_directories')).resolves.toEqual(['']);
    await expect(ask({ ...server, superuser: { user: 'postgres', password: 'guess' } }, 'select 1')).rejects.toThrow(
      /password authentication failed/,
    );
    const { mode } = await stat(join(server.log, '..', 'superuser.password'));
    expect(mode & 0o077).toBe(0);
  });

  it('is not started twice', async () => {
    await expect(server.start()).rejects.toThrow('runs already');
  });

  it('has an URL without a password', () => {
    expect(server.url('emitter', 'destroyer')).toBe(`postgres://destroyer@127.0.0.1:${server.port}/emitter`);
  });

  it('starts again at once after a crash, though backends are still ending', async () => {
    const client = new Client({ host: '127.0.0.1', port: server.port, database: 'postgres', ...server.superuser });
    await client.connect();
    // A backend that a crash left behind holds the shared memory until it notices: the start waits for it.
    client.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));
    await server.kill();
    await Promise.all([server.start(), ended]);
    await expect(ask(server, 'select 1')).resolves.toEqual([1]);
  });
});

describe('an embedded Postgres that cannot start', () => {
  let folder: TemporaryFolder;
  let dir: string;

  beforeEach(async () => {
    folder = await createTemporaryFolder('emitter-test-');
    dir = folder.postgres;
    await mkdir(dir, { mode: 0o711 });
  });

  afterEach(() => folder.remove());

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(startPostgres({ dir, bin, port }).finally(() => other.close())).rejects.toThrow(
      `did not start on port ${port} because its port is taken by another program`,
    );
  });

  it('says that its folder holds something else', async () => {
    await mkdir(join(dir, 'data'));
    await writeFile(join(dir, 'data', 'letter.txt'), 'dear all');
    await expect(startPostgres({ dir, bin })).rejects.toThrow(/data is not empty and not a Postgres data folder/);
    await expect(readFile(join(dir, 'data', 'letter.txt'), 'utf8')).resolves.toBe('dear all');
  });

  it('begins anew after a start that was killed in the middle of initdb', async () => {
    await mkdir(join(dir, 'data.unfinished'), { recursive: true });
    await writeFile(join(dir, 'data.unfinished', 'PG_VERSION'), '18\n');
    const server = await startPostgres({ dir, bin });
    await expect(ask(server, 'select 1')).resolves.toEqual([1]);
    await server.stop();
    await expect(stat(join(dir, 'data.unfinished'))).rejects.toThrow('ENOENT');
  });

  it('says that a setting is wrong, in the words of Postgres', async () => {
    await expect(startTemporaryPostgres({ bin, settings: { no_such_setting: '1' } })).rejects.toThrow(
      /did not start on port \d+\. It said:[^]*unrecognized configuration parameter "no_such_setting"/,
    );
  });

  it('says that initdb failed, and leaves no half-made folder', async () => {
    const programs = join(folder.path, 'bin');
    await mkdir(programs);
    const initdb = '#!/bin/sh\necho "initdb: error: could not write: No space left on device" >&2\nexit 1\n';
    await writeFile(join(programs, 'initdb'), initdb, { mode: 0o755 });
    await symlink('/bin/true', join(programs, 'postgres'));
    await expect(startPostgres({ dir, bin: programs })).rejects.toThrow(
      /could not make its data folder because the disk is full/,
    );
    await expect(stat(join(dir, 'data'))).rejects.toThrow('ENOENT');
  });
});

describe('the binaries', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'emitter-test-'));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it('are those in the folder given', async () => {
    const { bin: given } = await findBinaries(undefined, currentPlatform());
    await expect(findBinaries(given, currentPlatform())).resolves.toEqual({ bin: given, fromNpm: false });
  });

  it('are missed by name when the folder given lacks one', async () => {
    await expect(findBinaries(dir, currentPlatform())).rejects.toThrow(
      `EMITTER_POSTGRES_BIN is ${dir}, which holds no program initdb.`,
    );
  });

  it('are missed by name when npm installed none for this machine', async () => {
    const elsewhere = { os: 'linux', arch: 'ppc64', musl: false };
    await expect(findBinaries(undefined, elsewhere)).rejects.toThrow(/are not installed .*npm ci/);
  });

  it('get the links to their libraries that npm could not pack', async () => {
    const native = join(dir, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await mkdir(join(native, 'bin'));
    await writeFile(join(native, 'lib', 'libx.so.1.2'), 'x');
    const list = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(list));
    const binaries = { bin: join(native, 'bin'), fromNpm: true };
    await expect(prepareBinaries(binaries, undefined, dir)).resolves.toBe(binaries);
    await expect(readFile(join(native, 'lib', 'libx.so.1'), 'utf8')).resolves.toBe('x');
    await expect(prepareBinaries(binaries, undefined, dir)).resolves.toBe(binaries);
  });

  it('are copied when the account that runs them may not pass', async () => {
    const native = join(dir, 'native');
    await mkdir(join(native, 'bin'), { recursive: true });
    await writeFile(join(native, 'bin', 'postgres'), '');
    // mkdtemp makes folders that only their owner may pass.
    const somebody = { name: 'somebody', uid: 4_242, gid: 4_242 };
    await expect(mayReach(dir, somebody)).resolves.toBe(false);
    const copied = await prepareBinaries({ bin: join(native, 'bin'), fromNpm: true }, somebody, join(dir, 'place'));
    expect(copied.bin).toBe(join(dir, 'place', 'binaries', 'bin'));
    await expect(stat(join(copied.bin, 'postgres'))).resolves.toBeDefined();
    await expect(prepareBinaries({ bin: native, fromNpm: false }, somebody, dir)).rejects.toThrow(
      /as somebody instead, which may not use/,
    );
  });
});

describe('the account that Postgres runs as', () => {
  let passwd: string;

  beforeAll(async () => {
    passwd = join(await mkdtemp(join(tmpdir(), 'emitter-test-')), 'passwd');
    await writeFile(passwd, 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n');
  });

  afterAll(() => rm(join(passwd, '..'), { recursive: true }));

  it('is ours when we are not root', async () => {
    await expect(serverAccount(1_000, passwd)).resolves.toBeUndefined();
  });

  it('is another one when we are root', async () => {
    await expect(serverAccount(0, passwd)).resolves.toEqual({ name: 'nobody', uid: 65_534, gid: 65_533 });
  });

  it('is missed when there is none', async () => {
    await expect(serverAccount(0, '/does/not/exist')).rejects.toThrow(/refuses to run as root/);
  });
});
