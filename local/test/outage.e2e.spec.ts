import { setTimeout as sleep } from 'node:timers/promises';
import { connect, EmitterError, toEmitterError } from '@emitter/kit';
import type { AcquireTargetsResponse } from '@emitter/proto';
import {
  AcquireTargetsRequest,
  DependencyStatus,
  DestroyerClient,
  newUlid,
  type CheckReadinessResponse,
} from '@emitter/proto';
import { askReadiness, type ServiceKind } from '../src/stack';
import { startTestStack, type TestStack } from './support/test-stack';
import { until } from './support/until';

const target = { message: 'seen in an outage', criticality: 5, source: 'test' };

describe('while Postgres is down', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
    await stack.client.acquire({ targets: [target] });
  });

  afterAll(() => stack.remove());

  beforeEach(() => stack.postgres.kill());

  afterEach(async () => {
    if (!stack.postgres.running()) {
      await stack.postgres.start();
    }
    await stack.ready();
  });

  const services: readonly ServiceKind[] = ['destroyer', 'deathstar'];

  it('acquire answers UNAVAILABLE with retry info, well inside the deadline', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const started = Date.now();
      const error = await stack.client.acquire({ targets: [target] }, { timeoutMs: 10_000 }).then(
        () => undefined,
        (thrown: unknown) => toEmitterError(thrown),
      );
      expect(error).toBeInstanceOf(EmitterError);
      expect(error?.code).toBe('UNAVAILABLE');
      expect(error?.details.retryAfterMs).toBeGreaterThan(0);
      expect(Date.now() - started).toBeLessThan(4_000);
    }
  });

  it.each(services)(
    '%s says within 2 s which dependency, why and since when, and is ready again by itself',
    async (kind) => {
      const downOn = Date.now();
      const { address } = stack[kind];
      let answer: CheckReadinessResponse | undefined;
      const down = DependencyStatus.DEPENDENCY_STATUS_DOWN;
      await until(`${kind} says that both are down`, 2_000, async () => {
        answer = await askReadiness(kind, address);
        return !answer.ready && answer.dependencies.every(({ status }) => status === down);
      });
      expect(answer?.dependencies.map(({ name }) => name).sort()).toEqual(['event-log', 'read-model']);
      for (const { lastError, since } of answer?.dependencies ?? []) {
        expect(lastError).not.toBe('');
        expect(Math.abs((since?.getTime() ?? 0) - downOn)).toBeLessThan(2_500);
      }
      await stack.postgres.start();
      await until(`${kind} is ready`, 10_000, async () => (await askReadiness(kind, address)).ready);
    },
  );

  it('the same request id, repeated after it, is stored once', async () => {
    const requestId = newUlid(Date.now());
    await expect(stack.client.acquire({ targets: [target], requestId })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await stack.postgres.start();
    await stack.ready();
    const { eventId } = await stack.client.acquire({ targets: [target], requestId });
    expect(eventId).toBe(requestId);
    await stack.client.acquire({ targets: [target], requestId });
    expect(await countOf(stack, requestId)).toBe(1);
  });

  it('deathstar takes up where it was', async () => {
    await stack.deathstar.stop();
    await stack.postgres.start();
    const acquired = await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (;;) {
          try {
            return await stack.client.acquire({ targets: [target, target] });
          } catch {
            await sleep(100);
          }
        }
      }),
    );
    await stack.deathstar.start();
    const ids = acquired.flatMap(({ targets }) => targets.map(({ id }) => id));
    let stored = new Set<string>();
    await until('everything is stored', 10_000, async () => {
      stored = new Set((await stack.stored()).map(({ id }) => id));
      return ids.every((id) => stored.has(id));
    }).catch(() => undefined);
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  });
});

async function countOf(stack: TestStack, eventId: string): Promise<number> {
  const [row] = await stack.query<{ count: string }>(`select count(*) from event_log.events where id = '${eventId}'`);
  return Number(row?.count);
}

describe('services that are started before Postgres', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });

  afterAll(() => stack.remove());

  it('are up, not ready, and then ready', async () => {
    await Promise.all([stack.destroyer.stop(), stack.deathstar.stop()]);
    await stack.postgres.stop();
    await Promise.all([stack.destroyer.start(), stack.deathstar.start()]);
    for (const kind of ['destroyer', 'deathstar'] as const) {
      const { ready, dependencies } = await askReadiness(kind, stack[kind].address);
      expect(ready).toBe(false);
      expect(dependencies).toHaveLength(2);
    }
    await stack.postgres.start();
    await stack.ready();
    await expect(stack.client.acquire({ targets: [target] })).resolves.toMatchObject({ targets: [target] });
  });

  it('keep their API up all the while', async () => {
    const client = connect(DestroyerClient, stack.destroyer.address);
    const answer = await new Promise<AcquireTargetsResponse>((resolve, reject) => {
      client.acquireTargets(AcquireTargetsRequest.fromPartial({ targets: [target] }), (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(error);
        }
      });
    }).finally(() => client.close());
    expect(answer.targets).toHaveLength(1);
  });
});

describe('services that are started before the migrations', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });

  afterAll(() => stack.remove());

  it('say so, and are ready once they have run', async () => {
    await Promise.all([stack.destroyer.stop(), stack.deathstar.stop()]);
    await stack.query('drop schema query, projection, event_log cascade');
    await Promise.all([stack.destroyer.start(), stack.deathstar.start()]);
    for (const kind of ['destroyer', 'deathstar'] as const) {
      let answer: CheckReadinessResponse | undefined;
      await until(`${kind} has looked`, 2_000, async () => {
        answer = await askReadiness(kind, stack[kind].address);
        return answer.dependencies.every(({ lastError }) => lastError !== '');
      });
      expect(answer?.ready).toBe(false);
      expect(answer?.dependencies.find(({ name }) => name === 'read-model')?.lastError).toContain('migrations');
    }
    await stack.migrate();
    await stack.ready();
    await expect(stack.client.acquire({ targets: [target] })).resolves.toMatchObject({ targets: [target] });
  });
});
