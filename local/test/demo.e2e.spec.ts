import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { createSandbox, runDemoProcess, runProgram, type Sandbox } from './support/demo-process';
import { processesWith } from './support/processes';
import { until } from './support/until';

interface ListedTarget {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
}

/** The JSON array in a story: from the line `[` to the line `]`. */
function listIn(story: string): ListedTarget[] {
  const lines = story.split('\n');
  return JSON.parse(lines.slice(lines.indexOf('['), lines.indexOf(']') + 1).join('\n')) as ListedTarget[];
}

describe('the demo', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await createSandbox();
  });

  afterEach(async () => {
    await sandbox.expectClean();
    await sandbox.remove();
  });

  it('shows the three scenarios in plain lines, sums up, and exits 0', async () => {
    const demo = runDemoProcess([], sandbox.env);
    expect(await demo.ended).toBe(0);
    const story = demo.stdout();
    expect(story.split('\n')[0]).toBe('Emitter demo · event log: Postgres (embedded) · read model: the same Postgres');
    const parts = ['(i) An individual target', '(ii) Several targets', '(iii) List all targets', 'Summary'];
    const places = parts.map((part) => story.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const listed = listIn(story);
    expect(listed).toHaveLength(6);
    expect(listed.map(({ message }) => message)).toContain('dust');
    expect(story).toMatch(/acquired +206 targets/);
    expect(story).toMatch(/stored +206 targets/);
    expect(story).toMatch(/acquire → visible +p50 [\d.]+ ms, p99 [\d.]+ ms/);
    // Neither colours nor lines that are written over, outside a terminal.
    expect(story).not.toContain('\r');
    expect(story).toBe(stripVTControlCharacters(story));
    expect(demo.stderr()).toBe('');
  });

  it('works twice at once', async () => {
    const other = await createSandbox();
    const demos = [runDemoProcess([], sandbox.env), runDemoProcess([], other.env)];
    expect(await Promise.all(demos.map((demo) => demo.ended))).toEqual([0, 0]);
    await other.expectClean();
    await other.remove();
  });

  it('needs no network once everything is installed, also by npm', async () => {
    const registry = { npm_config_registry: 'http://127.0.0.1:9', npm_config_offline: 'false' };
    const demo = runProgram('npm', ['run', 'demo'], { ...sandbox.env, ...registry });
    expect(await demo.ended).toBe(0);
    expect(demo.stdout()).toContain('nothing lost');
    expect(demo.stderr()).not.toContain('Installing');
  });

  it.each([
    ['while it begins', 'Emitter demo', 130],
    ['when Postgres runs', '✔ Postgres runs', 130],
    ['during the migrations', '✔ Roles', 130],
    ['when the services run', '✔ destroyer and deathstar run', 130],
    ['in a scenario', '(i) An individual target', 130],
    ['under load', 'For the figures', 130],
  ])('ends in order on Ctrl-C %s', async (_when, text, code) => {
    const demo = runDemoProcess([], sandbox.env);
    await demo.shows(text);
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(code);
    expect(demo.stderr()).toBe('');
  });

  it('leaves nothing behind when Ctrl-C comes twice', async () => {
    const demo = runDemoProcess([], sandbox.env);
    await demo.shows('✔ destroyer and deathstar run');
    demo.child.kill('SIGINT');
    await sleep(20);
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(130);
  });

  it.each(['✔ Postgres runs', '(i) An individual target'])(
    'leaves nothing behind when it is killed after "%s"',
    async (text) => {
      const demo = runDemoProcess([], sandbox.env);
      await demo.shows(text);
      demo.child.kill('SIGKILL');
      expect(await demo.ended).toBe('SIGKILL');
    },
  );

  it('leaves nothing behind when it is killed while it stays up', async () => {
    const demo = runProgram(process.execPath, ['scripts/run.mjs', 'local/dist/demo/main.js', '--keep'], sandbox.env);
    await demo.shows('kill -9');
    demo.child.kill('SIGKILL');
    expect(await demo.ended).toBe('SIGKILL');
  });

  it('says what to do when the folder for temporary files is none', async () => {
    const demo = runDemoProcess([], { TMPDIR: '/does/not/exist' });
    expect(await demo.ended).toBe(1);
    expect(demo.stderr()).toMatch(/cannot make one in \/does\/not\/exist: it does not exist\. Set TMPDIR/);
    expect(demo.stderr()).not.toContain('ENOENT');
  });

  it('ends in order when nobody reads it any more', async () => {
    const demo = runDemoProcess([], sandbox.env);
    await demo.shows('✔ Postgres runs');
    demo.child.stdout?.destroy();
    expect(await demo.ended).not.toBe(0);
  });

  it('explains its settings', async () => {
    const demo = runDemoProcess(['--help'], sandbox.env);
    expect(await demo.ended).toBe(0);
    expect(demo.stdout()).toContain('--keep');
  });

  it('names a setting that is not one', async () => {
    const demo = runDemoProcess(['--kepe'], sandbox.env);
    expect(await demo.ended).toBe(2);
    expect(demo.stderr()).toContain('--keep');
  });
});

/** Where processes are found by what they were started for. */
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('the demo with --keep', () => {
  let sandbox: Sandbox;
  const others: Server[] = [];

  beforeAll(async () => {
    sandbox = await createSandbox();
    // Whoever has the designed ports, we or somebody else: they are taken.
    for (const port of [50_051, 50_052, 50_061]) {
      const server = createServer();
      server.on('error', () => undefined);
      server.listen(port, '127.0.0.1');
      await Promise.race([once(server, 'listening'), once(server, 'error').catch(() => undefined)]);
      others.push(server);
    }
  });

  afterAll(async () => {
    others.forEach((server) => server.close());
    await sandbox.remove();
  });

  it('stays up on other ports, says what to try, answers the commands, and ends with 0', async () => {
    const demo = runDemoProcess(['--keep'], sandbox.env);
    await demo.shows('npm run simulator -- serve');
    expect(demo.stdout()).toContain('Port 50051 is taken by another program');
    const address = /npm run acquire .* --address (\S+)/.exec(demo.stdout())?.[1] ?? 'none';

    const simulator = ['scripts/run.mjs', 'simulator/dist/main.js'];
    const said = ['a message from a person', '--criticality', '9', '--address', address];
    const acquire = runProgram(process.execPath, [...simulator, 'acquire', ...said]);
    expect([await acquire.ended, acquire.stderr()]).toEqual([0, '']);
    const list = (): Promise<ListedTarget[]> =>
      listed([...simulator, 'list', '--min-criticality', '9', '--address', address]);
    const messages = (await list()).map(({ message }) => message);
    expect(messages).toContain('a battle station. That is no moon.');

    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await sandbox.expectClean();
  });

  onLinux('starts again what is killed, and works on', async () => {
    const demo = runDemoProcess(['--keep'], sandbox.env);
    await demo.shows('kill -9');
    const address = / --address (\S+)/.exec(demo.stdout())?.[1] ?? 'none';
    const pids = { destroyer: pidIn('destroyer', sandbox), Postgres: pidIn('postgres -D', sandbox) };
    for (const [name, pid] of Object.entries(pids)) {
      process.kill(pid, 'SIGKILL');
      await demo.shows(`${name} runs again`);
    }
    process.kill(Number(/kill -9 (\d+)/.exec(demo.stdout())?.[1]), 'SIGKILL');
    await demo.shows('deathstar runs again');
    expect(demo.stdout()).toContain('destroyer ended (SIGKILL); starting it again');
    expect(demo.stdout()).toContain('Postgres ended; starting it again');

    const simulator = ['scripts/run.mjs', 'simulator/dist/main.js'];
    const said = ['still here', '--criticality', '9', '--address', address];
    const acquire = runProgram(process.execPath, [...simulator, 'acquire', ...said]);
    expect([await acquire.ended, acquire.stderr()]).toEqual([0, '']);
    await until('what was acquired is listed', 15_000, async () =>
      (await listed([...simulator, 'list', '--min-criticality', '9', '--address', address])).some(
        ({ message }) => message === 'still here',
      ),
    );
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await sandbox.expectClean();
  });

  onLinux('gives up a service that ends again and again, and leaves nothing behind', async () => {
    const demo = runDemoProcess(['--keep'], sandbox.env);
    await demo.shows('kill -9');
    const again = (): number => demo.stdout().split('destroyer runs again').length - 1;
    for (let time = 0; time <= 5; time++) {
      await until(`destroyer runs for time ${time}`, 20_000, () => again() === time);
      process.kill(pidIn('destroyer', sandbox), 'SIGKILL');
    }
    expect(await demo.ended).toBe(1);
    expect(demo.stderr()).toMatch(/destroyer ended \(SIGKILL\) after 5 restarts within 60 s; giving up\. Its log, \S+/);
    await sandbox.expectClean();
  });

  it('is what a command recommends when nobody listens', async () => {
    const list = runProgram(process.execPath, [
      'scripts/run.mjs',
      'simulator/dist/main.js',
      'list',
      '--address',
      '127.0.0.1:1',
    ]);
    expect(await list.ended).not.toBe(0);
    expect(list.stderr()).toContain('npm run demo -- --keep');
    expect(list.stdout()).toBe('');
  });
});

/** The one process of a sandbox that has a text in its command line. */
function pidIn(text: string, { path }: Sandbox): number {
  const found = processesWith(path).filter((line) => !line.includes('emitter-guardian') && line.includes(text));
  return Number.parseInt(found[0] ?? '', 10);
}

async function listed(args: readonly string[]): Promise<ListedTarget[]> {
  const list = runProgram(process.execPath, args);
  expect(await list.ended).toBe(0);
  return JSON.parse(list.stdout()) as ListedTarget[];
}

describe('the demo on a full disk', () => {
  /** A file system of 20 MB when we may make one (root, with the right to mount), else undefined. */
  function mountSmall(path: string): (() => void) | undefined {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=1777', 'tmpfs', path], { stdio: 'ignore' });
      return () => execFileSync('umount', [path]);
    } catch {
      return undefined;
    }
  }

  it('says so, and leaves nothing behind', async () => {
    const sandbox = await createSandbox();
    const unmount = mountSmall(sandbox.path);
    // Without the right to mount, a limit on the size of files (in units of 1 KiB) makes the same writes fail.
    const shell = unmount === undefined ? 'ulimit -f 4000; exec "$@"' : 'exec "$@"';
    const args = ['-c', shell, 'bash', process.execPath, 'local/dist/demo/main.js'];
    const demo = runProgram('bash', args, sandbox.env);
    expect(await demo.ended).toBe(1);
    expect(demo.stderr()).toContain('the disk is full');
    expect(demo.stderr()).toContain(sandbox.path);
    await sandbox.expectClean();
    unmount?.();
    await sandbox.remove();
  });
});

describe('the demo on a terminal', () => {
  /** util-linux's `script` gives a program a terminal; macOS has another one, and small containers none. */
  const hasScript = ((): boolean => {
    try {
      return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
    } catch {
      return false;
    }
  })();

  (hasScript ? it : it.skip).each([
    ['with colours', {}, '\u001b[32m✔'],
    ['without colours when NO_COLOR is set', { NO_COLOR: '1' }, '\r\u001b[2K  ✔'],
  ])('shows progress in one line, %s', async (_how, env, looks) => {
    const sandbox = await createSandbox();
    const command = `${process.execPath} local/dist/demo/main.js`;
    const demo = runProgram('script', ['-qec', command, '/dev/null'], { TERM: 'xterm', ...sandbox.env, ...env });
    expect(await demo.ended).toBe(0);
    expect(demo.stdout()).toMatch(/Starting Postgres …/);
    expect(demo.stdout()).toContain(looks);
    await sandbox.expectClean();
    await sandbox.remove();
  });
});
