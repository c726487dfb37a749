import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { fromGrpcStatus, type EmitterError } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import {
  AcquireTargetsRequest,
  AcquireTargetsResponse,
  DestroyerService,
  ListTargetsRequest,
  ListTargetsResponse,
  newUlid,
  TargetFilter,
  type NewTarget,
} from '@emitter/proto';
import { runDestroyer, type RunningDestroyer } from './support/run-destroyer';
import { stubEventLog, type StubEventLog } from './support/stub-event-log';

const NOW = Date.now();
const HOUR = 3_600_000;
const target: NewTarget = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

let database: TestDatabase;
let running: RunningDestroyer;
let log: StubEventLog;

beforeAll(async () => {
  database = await createTestDatabase();
  log = stubEventLog();
  running = await runDestroyer({ database, eventLog: log, now: () => NOW });
});

// The process is up, and does its work as before, after each of them.
afterEach(async () => {
  await expect(send('acquireTargets', acquisition([target]))).resolves.toBeDefined();
});

afterAll(async () => {
  await running.stop();
  await database.drop();
});

/** Sends a message's bytes as they are; rejects with what the server answered. */
function send(method: 'acquireTargets' | 'listTargets', message: Uint8Array, deadline = 10_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    running.client.makeUnaryRequest(
      DestroyerService[method].path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.from(message),
      new Metadata(),
      { deadline: Date.now() + deadline },
      (error: ServiceError | null, answer?: Buffer) => {
        if (error === null) {
          resolve(answer ?? Buffer.alloc(0));
        } else {
          reject(error);
        }
      },
    );
  });
}

const acquisition = (targets: NewTarget[], requestId = ''): Uint8Array =>
  AcquireTargetsRequest.encode({ targets, requestId }).finish();
const listing = (request: Partial<ListTargetsRequest>): Uint8Array =>
  ListTargetsRequest.encode(ListTargetsRequest.fromPartial(request)).finish();
const filtered = (filter: Partial<TargetFilter>): Uint8Array => listing({ filter: TargetFilter.fromPartial(filter) });

/** A message of one field of bytes: what TypeScript's strings cannot say. */
function raw(field: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([field * 8 + 2, body.length]), body]);
}

async function refusal(answer: Promise<unknown>): Promise<{ grpc: number; error: EmitterError }> {
  const published = log.published.length;
  const failure = await answer.then(
    () => Promise.reject(new Error('it was taken')),
    (error: unknown) => error as ServiceError,
  );
  expect(log.published).toHaveLength(published);
  return { grpc: failure.code, error: fromGrpcStatus(failure) };
}

describe('a bad acquisition', () => {
  const lone = raw(1, raw(1, Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62])));
  it.each<[string, Uint8Array, string, string]>([
    ['no targets', acquisition([]), 'targets', '1 to 1,000'],
    ['1,001 targets', acquisition(Array.from({ length: 1_001 }, () => target)), 'targets', '1 to 1,000'],
    ['an empty message', acquisition([{ ...target, message: '' }]), 'targets[0].message', '1 to 1,024'],
    ['a long message', acquisition([{ ...target, message: 'x'.repeat(1_025) }]), 'targets[0].message', '1 to 1,024'],
    ['a lone surrogate as raw bytes', lone, 'targets[0].message', 'surrogates'],
    ['bytes that are no UTF-8', raw(1, raw(1, Buffer.from([0xff, 0xfe]))), 'targets[0].message', 'invalid UTF-8'],
    [
      'no UTF-8 in the source',
      raw(1, raw(1, Buffer.from('a')), raw(3, Buffer.from([0xc3]))),
      'targets[0].source',
      'invalid UTF-8',
    ],
    ['NUL', acquisition([target, { ...target, message: 'a\0' }]), 'targets[1].message', 'NUL'],
    ['criticality -1', acquisition([{ ...target, criticality: -1 }]), 'targets[0].criticality', '0 to 10'],
    ['criticality 11', acquisition([{ ...target, criticality: 11 }]), 'targets[0].criticality', '0 to 10'],
    ['a malformed request id', acquisition([target], 'x'), 'request_id', 'ULID'],
    ['an old request id', acquisition([target], newUlid(NOW - 25 * HOUR)), 'request_id', '24 hours'],
    ['a future request id', acquisition([target], newUlid(NOW + HOUR)), 'request_id', '60 seconds'],
    [
      'an event over 1 MiB',
      acquisition(Array.from({ length: 1_000 }, () => ({ ...target, message: 'x'.repeat(1_024) }))),
      'targets',
      '1,048,576 bytes',
    ],
  ])('with %s names field and bound', async (_, message, field, bound) => {
    const { grpc, error } = await refusal(send('acquireTargets', message));
    expect(grpc).toBe(status.INVALID_ARGUMENT);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.details.violations).toEqual([{ field, description: expect.stringContaining(bound) as string }]);
  });

  it('names many fields, but not a thousand', async () => {
    const bad = { message: '', criticality: 99, source: '' };
    const { error } = await refusal(send('acquireTargets', acquisition(Array.from({ length: 1_000 }, () => bad))));
    expect(error.details.violations).toHaveLength(20);
    expect(error.message.length).toBeLessThan(2_000);
  });

  it('in an oversized frame is refused by its size', async () => {
    const { grpc, error } = await refusal(send('acquireTargets', Buffer.alloc(4 * 1_048_576 + 1)));
    expect(grpc).toBe(status.RESOURCE_EXHAUSTED);
    expect(error.message).toMatch(/larger|exceed|max|4194304/i);
  });

  it('that is no protobuf is refused', async () => {
    const { grpc } = await refusal(send('acquireTargets', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])));
    expect(grpc).toBe(status.INVALID_ARGUMENT);
  });

  it('with a deadline already past is not begun', async () => {
    const { grpc } = await refusal(send('acquireTargets', acquisition([target]), -1_000));
    expect(grpc).toBe(status.DEADLINE_EXCEEDED);
  });
});

describe('an unusual acquisition', () => {
  it('with unknown fields is taken', async () => {
    const message = Buffer.concat([acquisition([target]), raw(15, Buffer.from('from the future'))]);
    const answer = AcquireTargetsResponse.decode(await send('acquireTargets', message));
    expect(answer.targets).toMatchObject([target]);
  });

  it('with the replacement character, which is a character, is taken', async () => {
    const answer = await send('acquireTargets', acquisition([{ ...target, message: 'a\ufffdb' }]));
    expect(AcquireTargetsResponse.decode(answer).targets[0]?.message).toBe('a\ufffdb');
  });
});

describe('a bad list', () => {
  it.each<[string, Uint8Array, string, string]>([
    ['page size 0', listing({ pageSize: 0 }), 'page_size', '1 to 10,000'],
    ['page size 10,001', listing({ pageSize: 10_001 }), 'page_size', '1 to 10,000'],
    ['an order that is none', listing({ order: 9 as never }), 'order', 'TARGET_ORDER_NEWEST_FIRST'],
    ['a page token that is none', listing({ pageToken: 'x' }), 'page_token', 'unchanged'],
    [
      'a time range reversed',
      filtered({ createdFrom: new Date(NOW), createdBefore: new Date(NOW - 1) }),
      'filter.created_before',
      'later than filter.created_from',
    ],
    ['a criticality out of bounds', filtered({ minCriticality: -1 }), 'filter.min_criticality', '0 to 10'],
    ['a malformed id', filtered({ ids: ['x'] }), 'filter.ids[0]', 'ULID'],
    ['no UTF-8 in the source', raw(1, raw(5, Buffer.from([0xff]))), 'filter.source', 'invalid UTF-8'],
  ])('with %s names field and bound', async (_, message, field, bound) => {
    const { grpc, error } = await refusal(send('listTargets', message));
    expect(grpc).toBe(status.INVALID_ARGUMENT);
    expect(error.details.violations).toEqual([{ field, description: expect.stringContaining(bound) as string }]);
  });

  it('with a deadline already past is not begun', async () => {
    const { grpc } = await refusal(send('listTargets', listing({}), -1_000));
    expect(grpc).toBe(status.DEADLINE_EXCEEDED);
  });

  it('with unknown fields is a good one', async () => {
    const answer = await send('listTargets', raw(15, Buffer.from('from the future')));
    expect(ListTargetsResponse.decode(answer).targets).toEqual([]);
  });
});
