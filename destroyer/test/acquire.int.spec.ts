import { callUnary } from '@emitter/kit';
import { openEventLog, type EventLog } from '@emitter/event-log';
import { fixedCredential } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import {
  AcquireTargetsRequest,
  decodeTargetsAcquired,
  DestroyerService,
  isUlid,
  newUlid,
  targetId,
  ulidTime,
  type AcquireTargetsResponse,
} from '@emitter/proto';
import { runDestroyer, type RunningDestroyer } from './support/run-destroyer';
import { eventually } from './support/eventually';

let database: TestDatabase;
let running: RunningDestroyer;

beforeAll(async () => {
  database = await createTestDatabase();
  running = await runDestroyer({ database, eventLog: log('publisher') });
});

afterAll(async () => {
  await running.stop();
  await database.drop();
});

function log(role: 'publisher' | 'subscriber'): EventLog {
  return openEventLog({
    url: `postgres://127.0.0.1:${database.port}/${database.name}`,
    login: fixedCredential(database.login(role === 'publisher' ? 'destroyer' : 'deathstar')),
    role,
  });
}

const target = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

function acquire(
  request: Partial<AcquireTargetsRequest>,
  settings: { from?: RunningDestroyer; traceparent?: string } = {},
): Promise<AcquireTargetsResponse> {
  const { from = running, ...rest } = settings;
  return callUnary(from.client, DestroyerService.acquireTargets, AcquireTargetsRequest.fromPartial(request), {
    timeoutMs: 10_000,
    ...rest,
  });
}

async function recorded(id: string) {
  const reader = log('subscriber');
  const found = [];
  for await (const event of reader.read()) {
    if (event.id === id) {
      found.push(event);
    }
  }
  await reader.close();
  return found;
}

describe('an acquisition', () => {
  it('is in the log once it is acknowledged, as the event that it became', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const targets = [target, { message: 'noise', criticality: 0, source: '' }];
    const before = Date.now();
    const response = await acquire({ targets }, { traceparent });
    expect(isUlid(response.eventId)).toBe(true);
    expect(ulidTime(response.eventId)).toBeGreaterThanOrEqual(before);
    const createdOn = new Date(ulidTime(response.eventId));
    const identified = targets.map((each, place) => ({ id: targetId(response.eventId, place), ...each }));
    expect(response.targets).toEqual(identified.map((each) => ({ ...each, createdOn, updatedOn: createdOn })));

    const [event, ...others] = await recorded(response.eventId);
    expect(others).toEqual([]);
    expect(decodeTargetsAcquired(event?.payload ?? Buffer.alloc(0))).toEqual({
      id: response.eventId,
      createdOn,
      targets: identified,
    });
    expect(event?.attributes).toEqual({
      ce_specversion: '1.0',
      ce_id: response.eventId,
      ce_source: '/emitter/destroyer',
      ce_type: 'targets.acquired',
      ce_time: createdOn.toISOString(),
      ce_datacontenttype: 'application/json',
      traceparent,
    });
  });

  it('that is sent again with its request id, also to another replica, is one event with one answer', async () => {
    const other = await runDestroyer({ database, eventLog: log('publisher') });
    const request = { requestId: newUlid(Date.now()), targets: [target, target] };
    const answers = await Promise.all([
      acquire(request),
      acquire(request, { from: other }),
      acquire(request),
      acquire(request, { from: other }),
    ]);
    answers.push(await acquire(request, { from: other }));
    answers.forEach((answer) => expect(answer).toEqual(answers[0]));
    expect(answers[0].eventId).toBe(request.requestId);
    expect(await recorded(request.requestId)).toHaveLength(1);
    await other.stop();
  });

  it('that reuses a request id for other targets is ALREADY_EXISTS, and the first one stays', async () => {
    const requestId = newUlid(Date.now());
    await acquire({ requestId, targets: [target] });
    await expect(acquire({ requestId, targets: [{ ...target, criticality: 8 }] })).rejects.toMatchObject({
      code: 'REQUEST_ID_CONFLICT',
    });
    const [event] = await recorded(requestId);
    expect(decodeTargetsAcquired(event?.payload ?? Buffer.alloc(0)).targets[0]?.criticality).toBe(7);
  });

  it('may be sent by many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => acquire({ targets: [target] })));
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(200);
  });
});

describe('the service', () => {
  it('says how it is, and what it depends on', async () => {
    const health = await callUnary(running.client, DestroyerService.checkHealth, {});
    expect(health).toMatchObject({ service: 'destroyer', version: '1.2.3' });
    await eventually(async () => {
      const answer = await callUnary(running.client, DestroyerService.checkReadiness, {});
      expect(answer).toMatchObject({
        ready: true,
        reason: '',
        dependencies: [
          { name: 'event-log', kind: 'postgres', status: 1 },
          { name: 'read-model', kind: 'postgres', status: 1 },
        ],
      });
    });
  });

  it('says that the migrations have not run, and is ready once they have', async () => {
    const bare = await createTestDatabase({ migrated: false });
    const early = await runDestroyer({
      database: bare,
      eventLog: openEventLog({
        url: `postgres://127.0.0.1:${bare.port}/${bare.name}`,
        login: fixedCredential(bare.login('destroyer')),
        role: 'publisher',
      }),
    });
    await eventually(async () => {
      const answer = await callUnary(early.client, DestroyerService.checkReadiness, {});
      expect(answer.ready).toBe(false);
      expect(answer.dependencies[1]?.lastError).toContain('migrations have not run');
    });
    await expect(
      callUnary(early.client, DestroyerService.listTargets, { filter: undefined, pageToken: '', order: 0 }),
    ).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await early.stop();
    await bare.drop();
  });

  it('lets go of every port when one cannot be had', async () => {
    const taken = running.destroyer.ports.api;
    await expect(runDestroyer({ database, eventLog: log('publisher'), config: { port: taken } })).rejects.toMatchObject(
      { code: 'CONFIG_INVALID' },
    );
  });

  it('can do without reflection', async () => {
    const plain = await runDestroyer({ database, eventLog: log('publisher'), config: { reflection: false } });
    await expect(acquire({ targets: [target] }, { from: plain })).resolves.toBeDefined();
    await plain.stop();
  });
});
