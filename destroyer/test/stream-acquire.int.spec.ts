import { status, type ClientDuplexStream } from '@grpc/grpc-js';
import { EmitterError, fromRpcStatus } from '@emitter/kit';
import type { Position } from '@emitter/event-log';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { DestroyerService, newUlid, type StreamAcquireRequest, type StreamAcquireResponse } from '@emitter/proto';
import { eventually } from './support/eventually';
import { ownConnection, runDestroyer, type RunningDestroyer } from './support/run-destroyer';
import { stubEventLog } from './support/stub-event-log';

const target = { message: 'a rebel base', criticality: 7, source: 'probe-12' };
const request = (requestId = newUlid(Date.now()), targets = [target]): StreamAcquireRequest => ({ requestId, targets });

/** A stream and what it has received. */
interface Stream {
  readonly call: ClientDuplexStream<StreamAcquireRequest, StreamAcquireResponse>;
  readonly replies: StreamAcquireResponse[];
  /** Its status, once it has ended. */
  status?: number;
}

let database: TestDatabase;
let running: RunningDestroyer;

/** A log that answers when it is let, one publication after another. */
let held: (() => void)[] | undefined;
const log = stubEventLog({
  publish: (event) =>
    new Promise((resolve) => {
      log.published.push(event);
      const answer = (): void => resolve('1' as Position);
      if (held === undefined) {
        answer();
      } else {
        held.push(answer);
      }
    }),
});

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  running = await runDestroyer({ database, eventLog: log, config: { slowConsumer: 500, publishTimeout: 20_000 } });
});

beforeEach(() => {
  held = undefined;
  log.published.length = 0;
});

afterAll(async () => {
  await running.stop();
  await database.drop();
});

function open(client = running.client): Stream {
  const call = client.streamAcquire();
  const stream: Stream = { call, replies: [] };
  call.on('data', (reply: StreamAcquireResponse) => stream.replies.push(reply));
  call.on('error', () => undefined);
  call.on('status', ({ code }) => (stream.status = code));
  return stream;
}

async function ended(stream: Stream): Promise<number | undefined> {
  await eventually(() => expect(stream.status).toBeDefined());
  return stream.status;
}

describe('a stream of acquisitions', () => {
  it('gives each request one reply, and ends in order after the half-close', async () => {
    const stream = open();
    const requests = Array.from({ length: 500 }, () => request());
    requests.forEach((each) => stream.call.write(each));
    stream.call.end();
    expect(await ended(stream)).toBe(status.OK);
    expect(stream.replies.map(({ requestId }) => requestId).sort()).toEqual(
      requests.map(({ requestId }) => requestId).sort(),
    );
    expect(stream.replies.every(({ outcome }) => outcome?.$case === 'acquired')).toBe(true);
    expect(stream.replies[0]?.outcome?.value).toMatchObject({ targets: [target] });
  });

  it('answers what can be answered first, and drains after the half-close', async () => {
    held = [];
    const stream = open();
    const [first, second] = [request(), request()];
    stream.call.write(first);
    stream.call.write(second);
    stream.call.end();
    await eventually(() => expect(held).toHaveLength(2));
    held[1]?.();
    await eventually(() => expect(stream.replies.map(({ requestId }) => requestId)).toEqual([second.requestId]));
    expect(stream.status).toBeUndefined();
    held[0]?.();
    expect(await ended(stream)).toBe(status.OK);
    expect(stream.replies).toHaveLength(2);
  });

  it('says of a bad request what is wrong, and goes on', async () => {
    const stream = open();
    stream.call.write(request('', [target]));
    stream.call.write(request('x'.repeat(100)));
    stream.call.write(request(undefined, []));
    const good = request();
    stream.call.write(good);
    stream.call.end();
    expect(await ended(stream)).toBe(status.OK);
    const [nameless, malformed, empty, acquired] = stream.replies;
    expect(errorOf(nameless)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { violations: [{ field: 'request_id' }] },
    });
    expect(malformed?.requestId).toBe('x'.repeat(64));
    expect(errorOf(malformed)).toMatchObject({ details: { violations: [{ field: 'request_id' }] } });
    expect(errorOf(empty)).toMatchObject({ details: { violations: [{ field: 'targets' }] } });
    expect(acquired).toMatchObject({ requestId: good.requestId, outcome: { $case: 'acquired' } });
  });

  it('says of bytes that are no request that they are none, and goes on', async () => {
    const call = running.client.makeBidiStreamRequest<Buffer, StreamAcquireResponse>(
      DestroyerService.streamAcquire.path,
      (bytes) => bytes,
      DestroyerService.streamAcquire.responseDeserialize,
    );
    const replies: StreamAcquireResponse[] = [];
    call.on('data', (reply: StreamAcquireResponse) => replies.push(reply));
    call.on('error', () => undefined);
    call.write(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]));
    call.write(DestroyerService.streamAcquire.requestSerialize(request()));
    call.end();
    await eventually(() => expect(replies).toHaveLength(2));
    expect(replies[0]).toMatchObject({ requestId: '', outcome: { $case: 'error', value: { code: 3 } } });
    expect(replies[1]).toMatchObject({ outcome: { $case: 'acquired' } });
  });

  it('stops reading with 64 unanswered, and reads on when some are answered', async () => {
    held = [];
    const stream = open();
    for (let sent = 0; sent < 200; sent++) {
      stream.call.write(request());
    }
    stream.call.end();
    await eventually(() => expect(held).toHaveLength(64));
    await expect(eventually(() => expect(held?.length).toBeGreaterThan(64), 200)).rejects.toThrow();
    held.splice(0, 10).forEach((answer) => answer());
    await eventually(() => expect(log.published).toHaveLength(74));
    const waiting = held;
    held = undefined;
    waiting.forEach((answer) => answer());
    expect(await ended(stream)).toBe(status.OK);
    expect(stream.replies).toHaveLength(200);
  });

  it('stops reading sooner when the requests are large', async () => {
    held = [];
    const stream = open();
    const large = Array.from({ length: 900 }, () => ({ ...target, message: 'x'.repeat(900) }));
    for (let sent = 0; sent < 20; sent++) {
      stream.call.write(request(undefined, large));
    }
    await eventually(() => expect(held?.length).toBeGreaterThan(4));
    await expect(eventually(() => expect(held?.length).toBeGreaterThan(6), 300)).rejects.toThrow();
    stream.call.cancel();
    const waiting = held;
    held = undefined;
    waiting.forEach((answer) => answer());
  });

  it('whose replies are not read is read no further, and is ended', async () => {
    const client = ownConnection(running.address);
    const stream = open(client);
    stream.call.pause();
    const many = Array.from({ length: 200 }, () => ({ ...target, message: 'x'.repeat(1_000) }));
    let sent = 0;
    const keepWriting = (): void => {
      while (sent < 1_000 && stream.call.writable && stream.call.write(request(undefined, many))) {
        sent++;
      }
    };
    stream.call.on('drain', keepWriting);
    keepWriting();
    expect(await endedPaused(stream)).toBe(status.RESOURCE_EXHAUSTED);
    expect(log.published.length).toBeLessThan(200);
    client.close();
  });

  it('that the client leaves is forgotten', async () => {
    held = [];
    const stream = open();
    stream.call.write(request());
    await eventually(() => expect(held).toHaveLength(1));
    stream.call.cancel();
    expect(await ended(stream)).toBe(status.CANCELLED);
    held[0]?.();
    await eventually(async () =>
      expect(await running.metrics.registry.metrics()).toMatch(/calls_in_flight\{kind="stream".*\} 0/),
    );
  });

  it('tells one that is refused why, with the id to try again with', async () => {
    const failing = await runDestroyer({
      database,
      eventLog: stubEventLog({ publish: () => Promise.reject(new EmitterError('UNAVAILABLE', 'gone')) }),
    });
    const stream = open(failing.client);
    const sent = request();
    stream.call.write(sent);
    stream.call.end();
    expect(await ended(stream)).toBe(status.OK);
    expect(errorOf(stream.replies[0])).toMatchObject({
      code: 'UNAVAILABLE',
      details: { requestId: sent.requestId, retryAfterMs: 1_000 },
    });
    await failing.stop();
  });
});

/** A paused stream tells its status only when it is read, so it is read once the server has ended it. */
async function endedPaused(stream: Stream): Promise<number | undefined> {
  await eventually(async () =>
    expect(await running.metrics.registry.metrics()).toMatch(/StreamAcquire",code="RESOURCE_EXHAUSTED"\} 1/),
  );
  stream.call.resume();
  return ended(stream);
}

function errorOf(reply: StreamAcquireResponse | undefined): EmitterError | undefined {
  return reply?.outcome?.$case === 'error' ? fromRpcStatus(reply.outcome.value) : undefined;
}
