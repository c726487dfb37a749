import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTemporaryFolder, type TemporaryFolder } from '../src/postgres';
import { designedPorts, freeOf, startStack, untilReady, type StackStep } from '../src/stack';
import { processesWith } from './support/processes';

const fixture = join(__dirname, 'fixtures', 'service.mjs');
const migrates = join(__dirname, 'fixtures', 'migrates.mjs');
const fails = join(__dirname, 'fixtures', 'fails.mjs');
const hangs = join(__dirname, 'fixtures', 'hangs.mjs');

describe('a stack that does not come up', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await createTemporaryFolder('emitter-test-');
  });

  afterEach(() => folder.remove());

  function nothingRuns(): void {
    expect(processesWith(folder.postgres).filter((line) => !line.includes('emitter-guardian'))).toEqual([]);
  }

  it('names the migration that failed, and leaves nothing running', async () => {
    const programs = { services: { destroyer: fixture, deathstar: fixture }, migrations: { 'event-log': fails } };
    const steps: StackStep[] = [];
    const start = startStack({
      dir: folder.path,
      programs,
      around: (step, work) => {
        steps.push(step);
        return work();
      },
    });
    await expect(start).rejects.toThrow(/^event-log migrate ended with exit code 1.*[^]*disk on fire/);
    expect(steps).toEqual(['postgres', 'roles', 'migrations']);
    nothingRuns();
  });

  it('names the service that ended, and stops the other', async () => {
    const programs = { services: { destroyer: fixture, deathstar: fails }, migrations: { 'event-log': migrates } };
    await expect(startStack({ dir: folder.path, programs })).rejects.toThrow(
      /^deathstar ended with exit code 1.*[^]*disk on fire/,
    );
    nothingRuns();
  });

  it('gives up when it is told to, in the middle of a step', async () => {
    const programs = { services: { destroyer: fixture, deathstar: fixture }, migrations: { 'event-log': hangs } };
    const controller = new AbortController();
    const start = startStack({
      dir: folder.path,
      programs,
      signal: controller.signal,
      around: (step, work) => {
        if (step === 'migrations') {
          setTimeout(() => controller.abort(new Error('enough')), 50);
        }
        return work();
      },
    });
    await expect(start).rejects.toThrow('enough');
    nothingRuns();
  });
});

describe('readiness', () => {
  it.each(['destroyer', 'deathstar'] as const)('that does not come says why, of %s', async (kind) => {
    await expect(untilReady(kind, '127.0.0.1:1', { timeoutMs: 300 })).rejects.toThrow(
      `${kind} at 127.0.0.1:1 is not ready after 0.3 s: `,
    );
  });
});

it('takes another port for each designed one that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { api } = await freeOf({ ...designedPorts.destroyer, api: port });
  other.close();
  expect(api).toBe(0);
});
