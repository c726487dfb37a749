import { DependencyStatus as Status } from '@emitter/proto';
import { silentLogger } from '../logging';
import { createMetrics } from '../metrics';
import type { Dependency, DependencyStatus } from './dependency';
import { healthHandlers } from './health-handlers';
import { createReadiness, type Readiness, type ReadinessOptions } from './readiness';

const up: DependencyStatus = { up: true, latencyMs: 3 };
const refused: DependencyStatus = { up: false, latencyMs: 1, error: 'connection refused' };

/** A dependency that answers what it is told to; `undefined` means not at all. */
function fake(name: string, says: DependencyStatus | undefined) {
  const state = { says, checks: 0 };
  const dependency: Dependency = {
    name,
    kind: 'postgres',
    check() {
      state.checks++;
      return state.says === undefined ? new Promise(() => undefined) : Promise.resolve(state.says);
    },
  };
  return { state, dependency };
}

let readiness: Readiness | undefined;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') });
});

afterEach(() => {
  readiness?.close();
  jest.useRealTimers();
});

function start(dependencies: Dependency[], options: Partial<ReadinessOptions> = {}) {
  const changes: boolean[] = [];
  const metrics = createMetrics('test', { processMetrics: false });
  const logger = silentLogger();
  const lines: string[] = [];
  jest.spyOn(logger, 'info').mockImplementation((...given: unknown[]) => void lines.push(String(given.at(-1))));
  jest.spyOn(logger, 'warn').mockImplementation((...given: unknown[]) => void lines.push(String(given.at(-1))));
  const started = createReadiness({
    dependencies,
    logger,
    metrics,
    onChange: (ready) => changes.push(ready),
    ...options,
  });
  readiness = started;
  return { readiness: started, changes, metrics, lines };
}

it('is not ready before the first round, then ready', async () => {
  const { dependency } = fake('read-model', up);
  const { readiness, changes } = start([dependency]);
  expect(readiness.ready()).toBe(false);
  expect(await readiness.answer()).toMatchObject({
    ready: false,
    reason: 'read-model has not answered yet',
    dependencies: [{ status: Status.DEPENDENCY_STATUS_UNSPECIFIED }],
  });
  await jest.advanceTimersByTimeAsync(0);
  expect(await readiness.answer()).toEqual({
    ready: true,
    reason: '',
    dependencies: [
      {
        name: 'read-model',
        kind: 'postgres',
        status: Status.DEPENDENCY_STATUS_UP,
        latency: { seconds: 0n, nanos: 3_000_000 },
        lastError: '',
        since: new Date('2026-01-01T00:00:00Z'),
      },
    ],
  });
  expect(changes).toEqual([true]);
});

it('is ready at once without dependencies', () => {
  const { readiness, changes } = start([]);
  expect(readiness.ready()).toBe(true);
  expect(changes).toEqual([true]);
});

it('starts not ready where a dependency is not there yet, and ready as soon as it is', async () => {
  const { dependency, state } = fake('event-log', refused);
  const { readiness } = start([dependency]);
  await jest.advanceTimersByTimeAsync(0);
  expect(await readiness.answer()).toMatchObject({ ready: false, reason: 'event-log is down: connection refused' });
  state.says = up;
  await jest.advanceTimersByTimeAsync(300);
  expect(await readiness.answer()).toMatchObject({
    ready: true,
    dependencies: [{ status: Status.DEPENDENCY_STATUS_UP, lastError: 'connection refused' }],
  });
});

it('turns not ready after several failures, not after one', async () => {
  const { dependency, state } = fake('event-log', up);
  const { readiness, changes, lines } = start([dependency, fake('read-model', up).dependency]);
  await jest.advanceTimersByTimeAsync(0);
  state.says = refused;
  await jest.advanceTimersByTimeAsync(300);
  expect(await readiness.answer()).toMatchObject({
    ready: true,
    dependencies: [{ status: Status.DEPENDENCY_STATUS_FAILING }, { status: Status.DEPENDENCY_STATUS_UP }],
  });
  await jest.advanceTimersByTimeAsync(600);
  expect(await readiness.answer()).toMatchObject({
    ready: false,
    reason: 'event-log is down: connection refused',
    dependencies: [{ status: Status.DEPENDENCY_STATUS_DOWN, since: new Date('2026-01-01T00:00:00.300Z') }, {}],
  });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(changes).toEqual([true, false]);
  expect(lines.filter((line) => line.includes('is down'))).toHaveLength(2); // of the dependency, of the service
});

it('knows within 2 s that a dependency hangs, and does not ask it again meanwhile', async () => {
  const { dependency, state } = fake('event-log', up);
  const { readiness } = start([dependency]);
  await jest.advanceTimersByTimeAsync(0);
  state.says = undefined;
  const asked = state.checks;
  await jest.advanceTimersByTimeAsync(1_900);
  expect(await readiness.answer()).toMatchObject({
    ready: false,
    reason: 'event-log is down: no answer within 500 ms',
    dependencies: [{ latency: { seconds: 0n } }],
  });
  await jest.advanceTimersByTimeAsync(10_000);
  expect(state.checks).toBe(asked + 1);
});

it('is not held up by a dependency that hangs', async () => {
  const { readiness } = start([fake('event-log', undefined).dependency, fake('read-model', up).dependency]);
  await jest.advanceTimersByTimeAsync(0);
  expect(await readiness.answer()).toMatchObject({
    dependencies: [{ status: Status.DEPENDENCY_STATUS_UNSPECIFIED }, { status: Status.DEPENDENCY_STATUS_UP }],
  });
});

it('takes a check that rejects, or does not say why, for a failure', async () => {
  const rejecting: Dependency = { name: 'a', kind: 'x', check: () => Promise.reject(new Error('a mistake')) };
  const { readiness } = start([rejecting, fake('b', { up: false, latencyMs: 0 }).dependency]);
  await jest.advanceTimersByTimeAsync(0);
  expect((await readiness.answer()).reason).toBe('a is down: a mistake; b is down: it does not say why');
});

it('stays not ready once it stops', async () => {
  const { dependency, state } = fake('event-log', up);
  const { readiness, changes } = start([dependency]);
  await jest.advanceTimersByTimeAsync(0);
  readiness.stopAccepting('the service is stopping');
  readiness.stopAccepting('again');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await readiness.answer()).toMatchObject({ ready: false, reason: 'the service is stopping' });
  expect(changes).toEqual([true, false]);
  readiness.close();
  const { checks } = state;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(state.checks).toBe(checks);
});

it('asks no more when it is closed during a check', async () => {
  let resolve: (status: DependencyStatus) => void = () => undefined;
  let checks = 0;
  const { readiness, changes } = start([
    { name: 'a', kind: 'x', check: () => (checks++, new Promise((settle) => (resolve = settle))) },
  ]);
  readiness.close();
  resolve(up);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(checks).toBe(1);
  expect(changes).toEqual([]);
});

it('shows both in the metrics', async () => {
  const { metrics } = start([fake('event-log', up).dependency, fake('read-model', refused).dependency]);
  await jest.advanceTimersByTimeAsync(0);
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/emitter_dependency_up\{.*dependency="event-log".*\} 1/);
  expect(text).toMatch(/emitter_dependency_up\{.*dependency="read-model".*\} 0/);
  expect(text).toMatch(/emitter_service_ready\{.*\} 0/);
});

it('answers both health methods', async () => {
  const startedOn = new Date(0);
  const { readiness } = start([]);
  const handlers = healthHandlers({ service: 'destroyer', version: '1.2.3', startedOn, readiness });
  const context = undefined as never;
  expect(await handlers.checkHealth({}, context)).toEqual({ service: 'destroyer', version: '1.2.3', startedOn });
  expect(await handlers.checkReadiness({}, context)).toEqual({ ready: true, reason: '', dependencies: [] });
});
