import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { EmitterError } from '@emitter/kit';
import { HealthCheckResponse_ServingStatus as ServingStatus, HealthClient } from '@emitter/proto';
import { connect } from '@emitter/kit';
import { runSimulator } from '../src/commands';
import { startFakeDestroyer, type FakeDestroyer } from './fake-destroyer';
import { until } from './until';

interface LogLine {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** `simulator serve` in this process, its life in our hands. */
function startServe(line: readonly string[]) {
  const stdout = new PassThrough();
  const lines: LogLine[] = [];
  stdout.on('data', (chunk: Buffer) => {
    lines.push(
      ...chunk
        .toString()
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as LogLine),
    );
  });
  const process = Object.assign(new EventEmitter(), { exit: () => undefined });
  const exited = runSimulator(['serve', ...line], '1.2.3', {
    env: {},
    readFile: () => '',
    stdout,
    stderr: new PassThrough(),
    signal: new AbortController().signal,
    process,
  });
  const find = (message: string) => lines.find((candidate) => candidate.message === message);
  const port = (name: 'health' | 'metrics') => (find('listening')?.ports as Record<string, number>)[name] ?? 0;
  return { lines, find, port, exited, signal: (name: 'SIGTERM' | 'SIGINT') => process.emit(name) };
}

async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? 0);
}

function readiness(port: number): Promise<ServingStatus> {
  const client = connect(HealthClient, `127.0.0.1:${String(port)}`);
  return new Promise<ServingStatus>((resolve, reject) => {
    client.check({ service: 'readiness' }, (error, response) => (error ? reject(error) : resolve(response.status)));
  }).finally(() => client.close());
}

describe('simulator serve', () => {
  let destroyer: FakeDestroyer;

  beforeEach(async () => {
    destroyer = await startFakeDestroyer();
  });

  afterEach(() => destroyer.stop());

  it('emits random events until SIGTERM, is ready meanwhile, and counts them', async () => {
    const serve = startServe(['--every', '5ms', '--seed', '9', '--log-level', 'debug', '--address', destroyer.address]);
    await until(() => destroyer.emitter.stored.size >= 40, '40 events');
    await until(async () => (await readiness(serve.port('health'))) === ServingStatus.SERVING, 'readiness');
    expect(
      await metric(serve.port('metrics'), 'emitter_simulator_events_total{outcome="acknowledged"'),
    ).toBeGreaterThan(30);
    serve.signal('SIGTERM');
    expect(await serve.exited).toBe(0);
    const { stored, calls } = destroyer.emitter;
    expect(serve.find('emitting')).toMatchObject({ seed: 9 });
    expect(serve.find('emitted')).toMatchObject({ acknowledged: calls.length, refused: 0, unknown: 0, retries: 0 });
    expect(stored.size).toBe(calls.length);
    expect(new Set([...stored.values()].map(({ criticality }) => criticality)).size).toBeGreaterThan(4);
  });

  it('repeats what it began while the service is away, leaves turns out, and loses nothing', async () => {
    const { port, emitter } = destroyer;
    const serve = startServe(['--every', '2ms', '--timeout', '1s', '--address', destroyer.address]);
    await until(() => emitter.stored.size > 5, 'the first events');
    await destroyer.stop();
    await until(() => serve.find('no answer; repeating until there is one') !== undefined, 'the first failure');
    await until(
      async () => (await metric(serve.port('metrics'), 'emitter_simulator_skipped_total')) > 0,
      'a turn left out',
    );
    await until(async () => (await readiness(serve.port('health'))) === ServingStatus.NOT_SERVING, 'not ready');
    const before = emitter.stored.size;
    destroyer = await startFakeDestroyer(port, emitter);
    await until(() => serve.find('answers are back') !== undefined, 'the answers');
    await until(() => emitter.stored.size > before + 20, 'more events');
    serve.signal('SIGINT');
    expect(await serve.exited).toBe(0);
    const emitted = serve.find('emitted') as unknown as Record<string, number>;
    expect(emitted).toMatchObject({ acknowledged: emitter.stored.size, refused: 0, unknown: 0 });
    expect(emitted.retries).toBeGreaterThan(0);
    expect(emitted.skipped).toBeGreaterThan(0);
  });

  it('says so when the service refuses an event', async () => {
    destroyer.emitter.before = () => {
      throw new EmitterError('INVALID_ARGUMENT', 'the request id is too old');
    };
    const serve = startServe(['--every', '20ms', '--address', destroyer.address]);
    await until(() => serve.find('refused') !== undefined, 'the refusal');
    serve.signal('SIGTERM');
    expect(await serve.exited).toBe(0);
    expect(serve.find('refused')).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } });
  });

  it('gives up within its bound when no answer comes, and says what is left', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    destroyer.emitter.before = () => answered;
    const serve = startServe(['--every', '20ms', '--shutdown-timeout', '200ms', '--address', destroyer.address]);
    await until(() => destroyer.emitter.calls.length > 0, 'the first call');
    serve.signal('SIGTERM');
    expect(await serve.exited).toBe(1);
    expect(JSON.stringify(serve.lines)).toMatch(/\d+ events without an answer/);
    // A real process is gone by now; this one lets go when the answers come.
    answer();
    await until(() => serve.find('emitted') !== undefined, 'the end');
  });

  it('does not start on a port that is taken, and names several replicas apart', async () => {
    const taken = startServe(['--metrics-port', String(destroyer.port), '--address', destroyer.address]);
    expect(await taken.exited).toBe(1);
    expect(JSON.stringify(taken.lines)).toContain(String(destroyer.port));
    const address = `${destroyer.address},${destroyer.address}`;
    const both = startServe(['--every', '5ms', '--address', address]);
    await until(() => destroyer.emitter.stored.size > 3, 'events');
    await until(() => both.find('ready') !== undefined, 'readiness');
    const dependencies = both.lines.map((line) => line.dependency).filter((name) => name !== undefined);
    expect(new Set(dependencies)).toEqual(new Set(['destroyer-1', 'destroyer-2']));
    both.signal('SIGTERM');
    expect(await both.exited).toBe(0);
  });
});
