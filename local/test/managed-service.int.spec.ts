import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type ManagedService } from '../src/stack/managed-service';
import { runToEnd, type ProcessOptions } from '../src/stack/managed-process';
import { freePort } from '../src/postgres';
import { anyPorts } from '../src/stack/ports';
import { startOnPreferred } from '../src/stack/preferred-ports';

const times = { startMs: 1_000, stopMs: 300 };
const wanted = { api: 40_100, health: 40_101, metrics: 40_102 };

describe('a service as a process', () => {
  let dir: string;
  let service: ManagedService | undefined;

  function fated(fate: string): ProcessOptions {
    const program = join(__dirname, 'fixtures', 'service.mjs');
    return { name: 'tester', program, args: [fate], env: {}, log: join(dir, 'tester.log') };
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'emitter-test-'));
  });

  afterEach(async () => {
    await service?.kill();
    service = undefined;
  });

  afterAll(() => rm(dir, { recursive: true }));

  it('gets the ports wanted and says where it listens', async () => {
    service = await startService(fated('listens'), wanted, times);
    expect(service).toMatchObject({ name: 'tester', address: '127.0.0.1:40100', ports: wanted });
  });

  it('keeps the ports that it was given when it starts again', async () => {
    service = await startService(fated('listens'), anyPorts, times);
    const { ports } = service;
    const first = service.pid();
    await expect(service.kill()).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    expect([service.running(), service.pid()]).toEqual([false, undefined]);
    await service.start();
    expect(service.running()).toBe(true);
    expect(service.pid()).not.toBe(first);
    expect(service.ports).toEqual(ports);
  });

  it('stops in order', async () => {
    service = await startService(fated('listens'), anyPorts, times);
    await expect(service.stop()).resolves.toEqual({ code: 0, signal: null });
    await expect(service.exit()).resolves.toEqual({ code: 0, signal: null });
  });

  it('hears of a signal without being waited for', async () => {
    service = await startService(fated('listens'), anyPorts, times);
    service.signal('SIGTERM');
    await expect(service.exit()).resolves.toEqual({ code: 0, signal: null });
  });

  it('is killed when it does not stop', async () => {
    service = await startService(fated('stays'), anyPorts, times);
    await expect(service.stop()).resolves.toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('that ends at its start is named, with what its log says', async () => {
    await expect(startService(fated('dies'), anyPorts, times)).rejects.toThrow(
      /^tester ended with exit code 3\. Its log ends with:[^]*fatal: cannot start: no such table\n {2}a line that is not JSON$/,
    );
  });

  it('that never listens is given up', async () => {
    await expect(startService(fated('hangs'), anyPorts, times)).rejects.toThrow(/tester does not listen after 1 s/);
  });
});

describe('a command', () => {
  let dir: string;

  function fated(fate: string): ProcessOptions {
    const program = join(__dirname, 'fixtures', 'service.mjs');
    return { name: 'tester migrate', program, args: [fate], env: {}, log: join(dir, 'tester.log') };
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'emitter-test-'));
  });

  afterAll(() => rm(dir, { recursive: true }));

  it('that fails is named', async () => {
    await expect(runToEnd(fated('dies'), undefined)).rejects.toThrow(/^tester migrate ended with exit code 3/);
  });

  it('is killed when it is given up', async () => {
    const controller = new AbortController();
    const run = runToEnd(fated('hangs'), controller.signal);
    controller.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
  });
});

describe('preferred ports', () => {
  it('that somebody takes at the last moment become any free ones', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'emitter-test-'));
    const program = join(__dirname, 'fixtures', 'loses-its-port.mjs');
    const api = await freePort();
    const other = createServer();
    setTimeout(() => other.listen(api, '127.0.0.1'), 20);
    const service = await startOnPreferred(
      { name: 'tester', program, env: {}, log: join(dir, 'tester.log') },
      { api, health: 0, metrics: 0 },
    );
    expect(service.ports.api).not.toBe(api);
    await service.stop();
    other.close();
    await rm(dir, { recursive: true });
  });
});
