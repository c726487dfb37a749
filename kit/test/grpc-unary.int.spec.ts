import { Writable } from 'node:stream';
import { DestroyerService } from '@emitter/proto';
import { callUnary, createLogger, EmitterError, invalidArgument, type CallContext } from '@emitter/kit';
import {
  acquired,
  createHarness,
  deferred,
  endings,
  failureOf,
  gate,
  inFlight,
  request,
  sendRaw,
  target,
  until,
} from './grpc-harness';

const harness = createHarness();
afterEach(() => harness.closeAll());

const { acquireTargets, listTargets } = DestroyerService;
const anyList = { filter: undefined, pageToken: '', order: 0 };

describe('a unary call', () => {
  it('gives the handler the request and the caller its response', async () => {
    const { client } = await harness.start({});
    const response = await callUnary(client, acquireTargets, request('a', 'b'));
    expect(response.targets.map(({ message }) => message)).toEqual(['a', 'b']);
  });

  it('tells the handler who calls, what, until when, and in which trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen = deferred<
      Pick<CallContext, 'method' | 'peer' | 'traceparent'> & { remaining: number; aborted: boolean }
    >();
    const { client } = await harness.start({
      listTargets: (_, context) => {
        const { method, peer, traceparent } = context;
        seen.resolve({ method, peer, traceparent, remaining: context.remainingMs(), aborted: context.signal.aborted });
        return Promise.resolve({ targets: [], nextPageToken: '' });
      },
    });
    await callUnary(client, listTargets, anyList, { timeoutMs: 5_000, traceparent });
    const context = await seen.promise;
    expect(context).toMatchObject({ method: 'emitter.v1.Destroyer/ListTargets', traceparent, aborted: false });
    expect(context.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(context.remaining).toBeGreaterThan(3_000);
    expect(context.remaining).toBeLessThanOrEqual(5_000);
  });

  it.each(['nonsense', '00-00000000000000000000000000000000-b7ad6b7169203331-01'])(
    'passes over the traceparent %s',
    async (traceparent) => {
      const seen = deferred<string | undefined>();
      const { client } = await harness.start({
        acquireTargets: (_, context) => {
          seen.resolve(context.traceparent);
          return Promise.resolve(acquired([]));
        },
      });
      await callUnary(client, acquireTargets, request('a'), { traceparent });
      expect(await seen.promise).toBeUndefined();
    },
  );

  it('carries an error with all its details', async () => {
    const violations = [{ field: 'targets[0].message', description: 'must be 1 to 1,024 characters' }];
    const details = { retryAfterMs: 1_500, requestId: '01J' };
    const { client } = await harness.start({
      acquireTargets: () => Promise.reject(invalidArgument(violations)),
      listTargets: () => Promise.reject(new EmitterError('UNAVAILABLE', 'no log', { details })),
    });
    const refused = await failureOf(callUnary(client, acquireTargets, request('')));
    expect(refused.code).toBe('INVALID_ARGUMENT');
    expect(refused.details).toEqual({ violations });
    const unavailable = await failureOf(callUnary(client, listTargets, anyList));
    expect(unavailable).toMatchObject({ code: 'UNAVAILABLE', message: 'no log', details });
  });

  it('keeps what is thrown by mistake from the caller, logs it, and stays up', async () => {
    const lines: string[] = [];
    const destination = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const started = await harness.start(
      {
        acquireTargets: () => {
          throw new TypeError('the secret of the cause');
        },
        listTargets: () => Promise.reject(new TypeError('another secret')),
      },
      { logger: createLogger({ service: 'test', version: '0', level: 'debug', destination }) },
    );
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const call of [
      () => callUnary(started.client, acquireTargets, request('a'), { traceparent }),
      () => callUnary(started.client, listTargets, anyList),
    ]) {
      const error = await failureOf(call());
      expect(error.code).toBe('INTERNAL');
      expect(error.message).not.toContain('secret');
    }
    await callUnary(started.client, DestroyerService.checkHealth, {});
    expect(await endings(started)).toEqual({ INTERNAL: 2, OK: 1 });
    expect(lines[0]).toContain('the secret of the cause');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      rpc: { method: 'emitter.v1.Destroyer/AcquireTargets', code: 'INTERNAL' },
      'trace.id': '0af7651916cd43dd8448eb211c80319c',
    });
    expect(lines[2]).toContain('"OK"');
  });

  it('answers INTERNAL when a response cannot be encoded', async () => {
    const { client } = await harness.start({
      acquireTargets: () => Promise.resolve({ eventId: '', targets: [{ ...target('a'), criticality: 1.5 }] }),
    });
    expect((await failureOf(callUnary(client, acquireTargets, request('a')))).code).toBe('INTERNAL');
  });
});

describe('a request that is not what it should be', () => {
  it('is INVALID_ARGUMENT when it is no such message', async () => {
    const started = await harness.start({});
    for (const bytes of [
      Buffer.from([0x0a, 0xff]),
      Buffer.from([0x0a, 0x05, 0x0a]),
      Buffer.from('ff'.repeat(20), 'hex'),
    ]) {
      const error = await sendRaw(started, bytes);
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.message).toMatch(/not a protobuf message/);
    }
    expect(await endings(started)).toEqual({ INVALID_ARGUMENT: 3 });
  });

  it('keeps invalid UTF-8 apart from U+FFFD, so that the field can be named', async () => {
    const messages: string[] = [];
    const started = await harness.start({
      acquireTargets: ({ targets }) => {
        messages.push(...targets.map(({ message }) => message));
        return Promise.reject(invalidArgument([]));
      },
    });
    const asTarget = (text: Buffer) => Buffer.concat([Buffer.from([0x0a, text.length + 2, 0x0a, text.length]), text]);
    await sendRaw(started, asTarget(Buffer.from([0x61, 0xff, 0x62])));
    await sendRaw(started, asTarget(Buffer.from('a\uFFFDb')));
    expect(messages).toEqual(['a\uD800b', 'a\uFFFDb']);
  });

  it('is RESOURCE_EXHAUSTED when it is larger than the bound', async () => {
    const started = await harness.start({}, { limits: { maxReceiveBytes: 1_000 } });
    const error = await failureOf(callUnary(started.client, acquireTargets, request('x'.repeat(1_001))));
    expect(error.code).toBe('INVALID_ARGUMENT'); // not OVERLOADED: that would be tried again
    expect(error.message).toMatch(/RESOURCE_EXHAUSTED: .*1000/);
    await expect(callUnary(started.client, acquireTargets, request('x'))).resolves.toBeDefined();
  });

  it('leaves fields that are not known aside', async () => {
    const { client } = await harness.start({});
    const method = {
      ...acquireTargets,
      requestSerialize: () =>
        Buffer.concat([acquireTargets.requestSerialize(request('a')), Buffer.from([0xf8, 0x07, 0x01])]),
    };
    const response = await callUnary(client, method, request('a'));
    expect(response.targets).toHaveLength(1);
  });
});

describe('the bound of calls under way', () => {
  it('refuses what is over it at once, and takes calls again after', async () => {
    const door = gate();
    const started = await harness.start(
      {
        acquireTargets: async (_, context) => {
          await door.pass(context);
          return acquired([]);
        },
      },
      { limits: { maxConcurrentCalls: 2 } },
    );
    const calls = [1, 2].map(() => callUnary(started.client, acquireTargets, request('a')));
    await until(() => door.state.waiting === 2);
    expect(await inFlight(started, 'unary')).toBe(2);

    const refused = await failureOf(callUnary(started.client, acquireTargets, request('a')));
    expect(refused.code).toBe('OVERLOADED');
    expect(refused.message).toContain('2 calls are under way');
    expect(refused.details.retryAfterMs).toBeGreaterThan(0);

    door.open();
    await Promise.all(calls);
    await until(async () => (await inFlight(started, 'unary')) === 0);
    await expect(callUnary(started.client, acquireTargets, request('a'))).resolves.toBeDefined();
  });

  it('counts a handler that goes on after its caller left', async () => {
    const work = deferred();
    const started = await harness.start({
      acquireTargets: async () => {
        await work.promise;
        return acquired([]);
      },
    });
    const abort = new AbortController();
    const call = failureOf(callUnary(started.client, acquireTargets, request('a'), { signal: abort.signal }));
    await until(async () => (await inFlight(started, 'unary')) === 1);
    abort.abort();
    expect((await call).code).toBe('CANCELLED');
    await until(async () => (await endings(started)).CANCELLED === 1);
    expect(await inFlight(started, 'unary')).toBe(1);
    work.resolve();
    await until(async () => (await inFlight(started, 'unary')) === 0);
  });
});

describe('deadlines and cancellation', () => {
  const waiting = async () => {
    const door = gate();
    const started = await harness.start(
      {
        acquireTargets: async (_, context) => {
          await door.pass(context);
          return acquired([]);
        },
      },
      { limits: { maxCallMs: 100 } },
    );
    return { ...started, door };
  };

  it('aborts the signal when the caller cancels', async () => {
    const { client, door } = await waiting();
    const abort = new AbortController();
    const call = failureOf(callUnary(client, acquireTargets, request('a'), { signal: abort.signal, timeoutMs: 5_000 }));
    await until(() => door.state.waiting === 1);
    abort.abort();
    expect((await call).code).toBe('CANCELLED');
    await until(() => door.state.aborted.length === 1);
    expect(door.state.aborted[0]).toMatchObject({ code: 'CANCELLED' });
  });

  it("aborts the signal when the caller's deadline passes", async () => {
    const started = await waiting();
    const call = failureOf(callUnary(started.client, acquireTargets, request('a'), { timeoutMs: 1_000 }));
    await until(() => started.door.state.waiting === 1);
    expect((await call).code).toBe('DEADLINE_EXCEEDED');
    await until(() => started.door.state.aborted.length === 1);
    expect(started.door.state.aborted[0]).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await endings(started)).toEqual({ DEADLINE_EXCEEDED: 1 });
  });

  it('imposes a deadline on a caller without one', async () => {
    const started = await waiting();
    const error = await failureOf(callUnary(started.client, acquireTargets, request('a')));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    expect(started.door.state.aborted[0]).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await until(async () => (await inFlight(started, 'unary')) === 0);
  });

  it('answers a deadline that is past without asking the handler', async () => {
    let asked = 0;
    const started = await harness.start({
      acquireTargets: () => {
        asked++;
        return Promise.resolve(acquired([]));
      },
    });
    const error = await sendRaw(started, acquireTargets.requestSerialize(request('a')), { 'grpc-timeout': '1n' });
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    expect(asked).toBe(0);
    await until(async () => (await inFlight(started, 'unary')) === 0);
  });

  it('makes no call for a signal that has aborted', async () => {
    const { client } = await harness.start({});
    const error = await failureOf(callUnary(client, acquireTargets, request('a'), { signal: AbortSignal.abort() }));
    expect(error.code).toBe('CANCELLED');
  });

  it('is UNAVAILABLE where nothing listens', async () => {
    const { client, server } = await harness.start({});
    server.forceClose();
    const error = await failureOf(callUnary(client, acquireTargets, request('a'), { timeoutMs: 5_000 }));
    expect(error.code).toBe('UNAVAILABLE');
  });
});
