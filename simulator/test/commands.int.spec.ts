import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { EmitterError, healthServer } from '@emitter/kit';
import { newUlid } from '@emitter/proto';
import { runSimulator, type World } from '../src/commands';
import { startFakeDestroyer, type FakeDestroyer } from './fake-destroyer';
import { until } from './until';

interface TestWorld extends World {
  readonly interrupt: () => void;
  out(): string;
  err(): string;
  /** Signals of the process, for `serve`. */
  readonly signals: EventEmitter;
}

function testWorld(stdout = new PassThrough()): TestWorld {
  const stderr = new PassThrough();
  const text = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const over = new AbortController();
  const signals = new EventEmitter();
  return {
    env: {},
    readFile: () => '{}',
    stdout,
    stderr,
    signal: over.signal,
    process: Object.assign(signals, { exit: () => undefined }),
    signals,
    interrupt: () => over.abort(),
    out: () => text.out,
    err: () => text.err,
  };
}

function run(line: readonly string[], world = testWorld()): Promise<{ code: number; world: TestWorld }> {
  return runSimulator(line, '1.2.3', world).then((code) => ({ code, world }));
}

function targets(count: number) {
  return Array.from({ length: count }, (_, at) => ({ message: `target ${String(at)}`, criticality: 3, source: 'x' }));
}

describe('the simulator', () => {
  let destroyer: FakeDestroyer;
  let to: string[];

  beforeEach(async () => {
    destroyer = await startFakeDestroyer();
    to = ['--address', destroyer.address];
  });

  afterEach(() => destroyer.stop());

  describe('without a command', () => {
    const overview = /acquire .*\n.*list .*\n.*watch .*\n.*serve .*\n.*load /;

    it('shows all of them, and ends as a mistake does', async () => {
      const { code, world } = await run([]);
      expect(code).toBe(2);
      expect(world.err()).toMatch(overview);
      expect(world.out()).toBe('');
    });

    it('shows all of them when asked', async () => {
      const { code, world } = await run(['--help']);
      expect(code).toBe(0);
      expect(world.out()).toMatch(overview);
    });

    it('shows its version', async () => {
      expect((await run(['--version'])).world.out()).toContain('1.2.3');
    });

    it('says that there is no such command', async () => {
      const { code, world } = await run(['aquire']);
      expect(code).toBe(2);
      expect(world.err()).toContain('acquire');
      expect(world.err()).not.toContain('    at ');
    });
  });

  describe('acquire', () => {
    it('acquires a target and prints the event as JSON', async () => {
      const requestId = newUlid(Date.now());
      const line = ['acquire', 'a message', '--criticality', '7', '--source', 'me', '--request-id', requestId, ...to];
      const { code, world } = await run(line);
      expect(code).toBe(0);
      const said = { message: 'a message', criticality: 7, source: 'me' };
      const event = JSON.parse(world.out()) as { createdOn: string };
      expect(event).toMatchObject({ id: requestId, name: 'targets.acquired', data: [said] });
      expect(new Date(event.createdOn).toISOString()).toBe(event.createdOn);
      expect([...destroyer.emitter.stored.values()]).toMatchObject([said]);
    });

    it('acquires several targets as one event', async () => {
      const { world } = await run(['acquire', 'one', 'two', ...to]);
      expect(JSON.parse(world.out())).toMatchObject({ data: [{ message: 'one' }, { message: 'two' }] });
      expect(destroyer.emitter.calls).toHaveLength(1);
    });

    it('shows its settings, and every mistake at once', async () => {
      expect((await run(['acquire', '--help'])).world.out()).toContain('--criticality');
      const { code, world } = await run(['acquire', '--criticality', 'high', '--tiemout', '1s']);
      expect(code).toBe(2);
      expect(world.err()).toContain('--criticality');
      expect(world.err()).toContain('--timeout');
      expect(world.err()).toContain('message');
    });

    it('shows what the service refuses, and what to do', async () => {
      destroyer.emitter.before = () => {
        throw new EmitterError('INVALID_ARGUMENT', 'targets[0].criticality must be a whole number, 0 to 10');
      };
      const { code, world } = await run(['acquire', 'x', '--criticality', '11', ...to]);
      expect(code).toBe(1);
      expect(world.err()).toBe(
        'simulator acquire: INVALID_ARGUMENT: targets[0].criticality must be a whole number, 0 to 10\n' +
          '  What to do: Correct the fields named and send the request again.\n',
      );
    });

    it('says that nobody listens, early and at the end, and what to do', async () => {
      const { code, world } = await run(['acquire', 'x', '--address', '127.0.0.1:1', '--timeout', '1500ms']);
      expect(code).toBe(1);
      expect(world.out()).toBe('');
      expect(world.err()).toBe(
        'nobody answers at 127.0.0.1:1 yet; trying for 1.5 s\n' +
          'simulator acquire: UNAVAILABLE: nobody listens at 127.0.0.1:1 (connection refused)\n' +
          '  What to do: see that destroyer runs at 127.0.0.1:1 ("npm run demo -- --keep" starts everything), ' +
          'or name another address with --address.\n',
      );
    });

    it('says how to settle what had no answer in time', async () => {
      let answer = (): void => undefined;
      destroyer.emitter.before = () => new Promise<void>((resolve) => (answer = resolve));
      const { code, world } = await run(['acquire', 'x', '--timeout', '200ms', ...to]);
      answer();
      expect(code).toBe(1);
      expect(world.err()).toMatch(
        /^simulator acquire: DEADLINE_EXCEEDED: no answer within 200ms; it may be stored or not: repeat with --request-id [0-9A-Z]{26}\n {2}What to do: .*--timeout\.\n$/,
      );
    });

    it('tells what destroyer said, and not that nobody answered', async () => {
      destroyer.emitter.before = () => {
        throw new EmitterError('UNAVAILABLE', 'the event log is away', { details: { retryAfterMs: 10 } });
      };
      const { code, world } = await run(['acquire', 'x', '--timeout', '1200ms', ...to]);
      expect(code).toBe(1);
      expect(world.err()).toMatch(
        /^not acquired yet \(UNAVAILABLE: the event log is away\); trying for 1\.2 s\nsimulator acquire: UNAVAILABLE: the event log is away; it may be stored or not: repeat with --request-id [0-9A-Z]{26}\n {2}What to do: /,
      );
    });

    it.each(['acquire', 'list', 'watch'])('%s says that another service answered, at once', async (command) => {
      const other = await healthServer({ host: '127.0.0.1', port: 0 });
      const address = `127.0.0.1:${String(other.port)}`;
      const { code, world } = await run([command, ...(command === 'acquire' ? ['x'] : []), '--address', address]);
      other.close();
      expect(code).toBe(1);
      expect(world.err()).toBe(
        `simulator ${command}: ${address} is not destroyer's API port\n` +
          "  What to do: name destroyer's API port with --address (its health and metrics ports are others).\n",
      );
    });

    it.each(['http://localhost:50051', 'localhost:65536'])('refuses the address %s', async (address) => {
      const { code, world } = await run(['acquire', 'x', '--address', address]);
      expect(code).toBe(2);
      expect(world.err()).toContain('must be host:port, with');
    });

    it('gets over a lost answer by itself', async () => {
      destroyer.emitter.after = (call) => {
        if (call === 1) {
          throw new EmitterError('UNAVAILABLE', 'lost');
        }
      };
      expect((await run(['acquire', 'x', ...to])).code).toBe(0);
      expect(destroyer.emitter.stored.size).toBe(1);
    });

    it('ends with 130 when it is interrupted', async () => {
      const world = testWorld();
      destroyer.emitter.before = () => {
        world.interrupt();
        return new Promise((resolve) => setTimeout(resolve, 100));
      };
      expect((await run(['acquire', 'x', ...to], world)).code).toBe(130);
      expect(world.err()).toMatch(
        /^simulator acquire: interrupted; it may be stored or not: repeat with --request-id /,
      );
    });

    it('shows a mistake of ours in one line', async () => {
      destroyer.emitter.before = () => {
        throw new Error('secret stack');
      };
      const { code, world } = await run(['acquire', 'x', '--timeout', '200ms', ...to]);
      expect(code).toBe(1);
      expect(world.err()).toContain('simulator acquire: ');
      expect(world.err()).not.toContain('secret stack');
    });
  });

  describe('list', () => {
    it('prints a JSON array, newest first, 100 at most', async () => {
      await destroyer.emitter.acquire({ targets: targets(150) });
      const { code, world } = await run(['list', ...to]);
      expect(code).toBe(0);
      const listed = JSON.parse(world.out()) as { message: string; createdOn: string }[];
      expect(listed).toHaveLength(100);
      expect(listed[0]?.message).toBe('target 149');
      expect(destroyer.lists).toHaveLength(1);
    });

    it('prints an empty array when there is nothing', async () => {
      expect((await run(['list', ...to])).world.out()).toBe('[]\n');
    });

    it('streams all pages', async () => {
      await destroyer.emitter.acquire({ targets: targets(1_000) });
      await destroyer.emitter.acquire({ targets: targets(1_000) });
      await destroyer.emitter.acquire({ targets: targets(500) });
      const { world } = await run(['list', '--all', '--order', 'oldest', ...to]);
      expect(JSON.parse(world.out())).toHaveLength(2_500);
      expect(destroyer.lists.map(({ pageSize, order }) => [pageSize, order])).toEqual(
        Array.from({ length: 3 }, () => [1_000, 2]),
      );
    });

    it('asks for no page beyond the limit', async () => {
      await destroyer.emitter.acquire({ targets: targets(10) });
      const { world } = await run(['list', '--limit', '3', ...to]);
      expect(JSON.parse(world.out())).toHaveLength(3);
      expect(destroyer.lists).toMatchObject([{ pageSize: 3 }]);
    });

    it('passes every filter on', async () => {
      const id = newUlid(0);
      await run([
        'list',
        ...['--min-criticality', '2', '--max-criticality', '5', '--source', 'a b', '--id', id],
        ...['--created-from', '2026-01-02', '--created-before', '2026-01-03T04:05:06Z', ...to],
      ]);
      expect(destroyer.lists[0]?.filter).toEqual({
        minCriticality: 2,
        maxCriticality: 5,
        source: 'a b',
        ids: [id],
        createdFrom: new Date('2026-01-02T00:00:00Z'),
        createdBefore: new Date('2026-01-03T04:05:06Z'),
      });
    });

    it.each(['yesterday', '2026-13-45'])('refuses the time %s', async (time) => {
      const { code, world } = await run(['list', '--created-from', time, ...to]);
      expect(code).toBe(2);
      expect(world.err()).toContain('--created-from');
    });

    it('asks the next address when one is away, and says so when all are', async () => {
      await destroyer.emitter.acquire({ targets: targets(1) });
      const { world } = await run(['list', '--address', '127.0.0.1:1', ...to]);
      expect(JSON.parse(world.out())).toHaveLength(1);
      const { code, world: nobody } = await run(['list', '--address', '127.0.0.1:1']);
      expect(code).toBe(1);
      expect(nobody.err()).toContain('list: UNAVAILABLE: nobody listens at 127.0.0.1:1 (connection refused)\n');
    });

    it('goes on from the same page after a lost answer', async () => {
      await destroyer.emitter.acquire({ targets: targets(1_000) });
      await destroyer.emitter.acquire({ targets: targets(500) });
      destroyer.beforeList = (call) => {
        if (call === 2) {
          throw new EmitterError('UNAVAILABLE', 'restarting', { details: { retryAfterMs: 10 } });
        }
      };
      const { code, world } = await run(['list', '--all', ...to]);
      expect(code).toBe(0);
      expect(JSON.parse(world.out())).toHaveLength(1_500);
    });

    it('ends quietly when its reader leaves, as head does', async () => {
      await destroyer.emitter.acquire({ targets: targets(1_000) });
      const broken = new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' })),
      });
      const { code, world } = await run(['list', '--all', ...to], { ...testWorld(), stdout: broken });
      expect(code).toBe(0);
      expect(world.err()).toBe('');
    });

    it('says so when its output fails otherwise, on a full disk for one', async () => {
      await destroyer.emitter.acquire({ targets: targets(10) });
      const full = new Writable({
        highWaterMark: 1,
        write: (_chunk, _encoding, done) =>
          done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
      });
      const { code, world } = await run(['list', ...to], { ...testWorld(), stdout: full });
      expect(code).toBe(1);
      expect(world.err()).toContain('no space left on device');
    });

    it('waits for a slow reader', async () => {
      await destroyer.emitter.acquire({ targets: targets(1_000) });
      const slow = new PassThrough({ highWaterMark: 1_024 });
      const world = testWorld(slow);
      slow.pause();
      const running = run(['list', '--all', ...to], world);
      await until(() => slow.writableNeedDrain, 'a full output');
      slow.resume();
      expect((await running).code).toBe(0);
      expect(JSON.parse(world.out())).toHaveLength(1_000);
    });
  });

  describe('watch', () => {
    it('prints a line of JSON for each target until it is stopped', async () => {
      const world = testWorld();
      let begun = false;
      destroyer.emitter.beforeWatch = () => (begun = true);
      const running = run(['watch', '--min-criticality', '1', ...to], world);
      await until(() => begun, 'the watch');
      await until(async () => {
        await destroyer.emitter.acquire({ targets: targets(1) });
        return world.out() !== '';
      }, 'the first line');
      destroyer.emitter.breakWatches(new EmitterError('UNAVAILABLE', 'restarting'));
      await until(() => world.err() !== '', 'the break');
      world.interrupt();
      expect((await running).code).toBe(0);
      const [line = ''] = world.out().split('\n');
      expect(JSON.parse(line)).toMatchObject({ message: 'target 0', cursor: '1' });
      expect(world.err()).toContain('watch broken (UNAVAILABLE: restarting); trying again');
    });

    it('goes on from a cursor, and ends when its reader leaves', async () => {
      await destroyer.emitter.acquire({ targets: targets(2) });
      const broken = new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' })),
      });
      const { code } = await run(['watch', '--cursor', '1', ...to], { ...testWorld(), stdout: broken });
      expect(code).toBe(0);
    });
  });

  describe('load', () => {
    it('prints figures, with visibility and the seed', async () => {
      const line = ['load', '--count', '20', '--concurrency', '4', '--seed', '5', '--rate', '1000', '--visibility'];
      const { code, world } = await run([...line, '--message-bytes', '64', '--targets-per-call', '2', ...to]);
      expect(code).toBe(0);
      expect(world.err()).toBe('seed 5\n');
      expect(JSON.parse(world.out())).toMatchObject({
        seed: 5,
        acknowledged: 20,
        targetsAcknowledged: 40,
        visible: { count: 40, neverSeen: 0 },
      });
    });

    it('ends with 1 when something was refused', async () => {
      destroyer.emitter.before = () => {
        throw new EmitterError('INVALID_ARGUMENT', 'no');
      };
      const { code, world } = await run(['load', '--duration', '20ms', ...to]);
      expect(code).toBe(1);
      expect(JSON.parse(world.out())).toMatchObject({ acknowledged: 0, lastError: 'INVALID_ARGUMENT: no' });
    });
  });
});
