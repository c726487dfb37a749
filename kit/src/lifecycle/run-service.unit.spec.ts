import { EventEmitter } from 'node:events';
import { EmitterError } from '../errors';
import { createLogger } from '../logging';
import { runService, type RunServiceOptions } from './run-service';
import type { RunningService } from './running-service';
import type { ServiceProcess } from './service-process';

class FakeProcess extends EventEmitter implements ServiceProcess {
  readonly exits: number[] = [];
  readonly sent: unknown[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

class ProcessWithParent extends FakeProcess {
  send(message: unknown, _handle: undefined, _options: undefined, callback: (error: Error | null) => void): boolean {
    this.sent.push(message);
    callback(new Error('the channel is closed'));
    return true;
  }
}

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

function run(service: Partial<RunningService>, options: Partial<RunServiceOptions> = {}, own = new FakeProcess()) {
  const lines: { message: string; step?: string; pending?: string[]; error?: { message: string } }[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) };
  const logger = createLogger({ service: 'x', version: '1', level: 'info', destination });
  const steps: string[] = [];
  const step = (name: string) => async () => {
    steps.push(name);
    await Promise.resolve();
  };
  const whole: RunningService = {
    stopAccepting: step('stopAccepting'),
    drain: step('drain'),
    close: step('close'),
    ...service,
  };
  const exitCode = runService({
    logger,
    shutdownTimeoutMs: 10_000,
    start: () => Promise.resolve(whole),
    process: own,
    ...options,
  });
  const messages = () => lines.map(({ message }) => message);
  return { own, exitCode, steps, lines, messages };
}

/** Lets everything that is ready run. */
const settled = () => new Promise(setImmediate);

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'])('stops in order at %s, and exits 0', async (event) => {
    const { own, exitCode, steps, messages } = run({ ports: { api: 1, health: 2, metrics: 3 } });
    await settled();
    expect(steps).toEqual([]);
    own.emit(event);
    expect(await exitCode).toBe(0);
    expect(steps).toEqual(['stopAccepting', 'drain', 'close']);
    expect(own.exits).toEqual([0]);
    expect(messages()).toEqual(['listening', 'stopping', 'stopped']);
  });

  it('begins no step before the one before is done', async () => {
    const gates = [gate(), gate()] as const;
    const { own, exitCode, steps } = run({ stopAccepting: () => gates[0].passed, drain: () => gates[1].passed });
    await settled();
    own.emit('SIGTERM');
    await settled();
    expect(steps).toEqual([]);
    gates[0].open();
    await settled();
    expect(steps).toEqual([]);
    gates[1].open();
    expect(await exitCode).toBe(0);
    expect(steps).toEqual(['close']);
  });

  it('tells a parent its ports, and minds no closed channel', async () => {
    const own = new ProcessWithParent();
    run({ ports: { api: 50_051 } }, {}, own);
    await settled();
    expect(own.sent).toEqual([{ kind: 'listening', ports: { api: 50_051 } }]);
    expect(own.exits).toEqual([]);
  });

  it('takes the parent leaving after a signal for no second signal', async () => {
    const { own, exitCode, steps } = run({});
    await settled();
    own.emit('SIGTERM');
    own.emit('disconnect');
    expect(await exitCode).toBe(0);
    expect(steps).toEqual(['stopAccepting', 'drain', 'close']);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('exits at once when %s comes second, with %d', async (signal, code) => {
    const { own, exitCode, steps, lines } = run({ drain: () => gate().passed });
    await settled();
    own.emit('SIGTERM');
    await settled();
    own.emit(signal);
    expect(await exitCode).toBe(code);
    expect(own.exits).toEqual([code]);
    expect(steps).toEqual(['stopAccepting']);
    expect(lines.at(-1)).toMatchObject({ message: `${signal} again: ending at once`, step: 'drain' });
  });

  it('exits 1 when the time is up, and says which step was left and what was under way', async () => {
    const stuck = gate();
    const { own, exitCode, steps, lines } = run(
      { drain: () => stuck.passed, pending: () => ['3 calls'] },
      { shutdownTimeoutMs: 20 },
    );
    await settled();
    own.emit('SIGTERM');
    expect(await exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({ message: 'not stopped within 20 ms', step: 'drain', pending: ['3 calls'] });
    stuck.open();
    await settled();
    expect(own.exits).toEqual([1]);
    expect(steps).toEqual(['stopAccepting', 'close']);
  });

  it('takes the other steps when one fails, and exits 1', async () => {
    const fail = () => {
      throw new Error('not today');
    };
    const { own, exitCode, steps, lines } = run({
      stopAccepting: fail,
      drain: () => Promise.reject(new Error('nor that')),
    });
    await settled();
    own.emit('SIGTERM');
    expect(await exitCode).toBe(1);
    expect(steps).toEqual(['close']);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'stopping: stopAccepting failed' }));
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'stopping: drain failed',
        error: expect.objectContaining({ message: 'nor that' }) as unknown,
      }),
    );
  });

  it.each(['uncaughtException', 'unhandledRejection'])('exits 1 at once on %s, in whatever state', async (event) => {
    const running = run({});
    await settled();
    running.own.emit(event, new TypeError('ours'));
    expect(await running.exitCode).toBe(1);
    expect(running.steps).toEqual([]);
    expect(running.lines.at(-1)).toMatchObject({ 'log.level': 'fatal', error: { message: 'ours' } });

    const stopping = run({ drain: () => gate().passed });
    await settled();
    stopping.own.emit('SIGTERM');
    stopping.own.emit(event, 'a text');
    expect(await stopping.exitCode).toBe(1);
    expect(stopping.own.exits).toEqual([1]);
  });

  it.each([
    ['rejects', () => Promise.reject(new EmitterError('CONFIG_INVALID', 'the port is taken'))],
    [
      'throws',
      () => {
        throw new EmitterError('CONFIG_INVALID', 'the port is taken');
      },
    ],
  ])('exits 1 when start %s, and says why', async (_, start) => {
    const { exitCode, lines } = run({}, { start });
    expect(await exitCode).toBe(1);
    expect(lines).toEqual([
      expect.objectContaining({
        message: 'cannot start',
        error: expect.objectContaining({ code: 'CONFIG_INVALID' }) as unknown,
      }),
    ]);
  });

  it('stops what was still starting when a signal came', async () => {
    const started = gate();
    const steps: string[] = [];
    const close = () => Promise.resolve(void steps.push('close'));
    const service = { stopAccepting: () => undefined, drain: () => Promise.resolve(), close };
    const { own, exitCode, messages } = run({}, { start: () => started.passed.then(() => service) });
    own.emit('SIGTERM');
    await settled();
    expect(own.exits).toEqual([]);
    started.open();
    expect(await exitCode).toBe(0);
    expect(steps).toEqual(['close']);
    expect(messages()).not.toContain('listening');
  });

  it('tells start to give up, and takes that for no failure', async () => {
    const start = (stopped: AbortSignal) =>
      new Promise<RunningService>((_, reject) => {
        stopped.addEventListener('abort', () => reject(new Error('given up')));
      });
    const { own, exitCode, messages } = run({}, { start });
    own.emit('SIGINT');
    expect(await exitCode).toBe(0);
    expect(messages()).toEqual(['stopping', 'stopped before it had started']);
  });

  it('exits 1 when it starts for longer than a stop may take', async () => {
    const { own, exitCode, lines } = run({}, { start: () => new Promise(() => undefined), shutdownTimeoutMs: 20 });
    own.emit('SIGTERM');
    expect(await exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({ step: 'start', pending: [] });
  });

  it('leaves no listener behind', async () => {
    const { own, exitCode } = run({});
    await settled();
    own.emit('SIGTERM');
    await exitCode;
    expect(own.eventNames()).toEqual([]);
  });
});
