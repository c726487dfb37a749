import { DestroyerService, type StreamAcquireResponse, type WatchTargetsResponse } from '@emitter/proto';
import { callUnary, EmitterError, InvalidMessage, openBidi, openServerStream, toRpcStatus } from '@emitter/kit';
import {
  acquired,
  collect,
  createHarness,
  deferred,
  endings,
  failureOf,
  gate,
  inFlight,
  request,
  target,
  until,
} from './grpc-harness';

const harness = createHarness();
afterEach(() => harness.closeAll());

const { acquireTargets, streamAcquire, watchTargets } = DestroyerService;
const anyWatch = { filter: undefined, cursor: '' };

function message(cursor: string, bytes = 0): WatchTargetsResponse {
  return { cursor, targets: bytes === 0 ? [] : [target('x'.repeat(bytes))] };
}

function accepted(requestId: string): StreamAcquireResponse {
  return { requestId, outcome: { $case: 'acquired', value: acquired([]) } };
}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
}

describe('a server stream', () => {
  it('brings every message, then the end', async () => {
    const started = await harness.start({
      async watchTargets(_, stream) {
        for (let i = 0; i < 50; i++) await stream.write(message(String(i)));
      },
    });
    const messages = await collect(openServerStream(started.client, watchTargets, anyWatch));
    expect(messages.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    expect(await endings(started)).toEqual({ OK: 1 });
  });

  it('brings what was written, then the error with its details', async () => {
    const { client } = await harness.start({
      async watchTargets(_, stream) {
        await stream.write(message('1'));
        throw new EmitterError('PAGE_TOKEN_INVALID', 'not yours');
      },
    });
    const seen: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const { cursor } of openServerStream(client, watchTargets, anyWatch)) seen.push(cursor);
      })(),
    );
    expect(seen).toEqual(['1']);
    expect(error).toMatchObject({ code: 'PAGE_TOKEN_INVALID', message: 'not yours' });
  });

  it('is INVALID_ARGUMENT for a request that is no such message', async () => {
    const { client } = await harness.start({});
    const method = { ...watchTargets, requestSerialize: () => Buffer.from([0x0a, 0xff]) };
    const error = await failureOf(collect(openServerStream(client, method, anyWatch)));
    expect(error.code).toBe('INVALID_ARGUMENT');
  });

  it('tells the handler that the client left the loop', async () => {
    const reason = deferred<unknown>();
    const { client } = await harness.start({
      async watchTargets(_, stream, context) {
        await stream.write(message('1'));
        reason.resolve(await aborted(context.signal));
        await expect(stream.write(message('2'))).rejects.toMatchObject({ code: 'CANCELLED' });
      },
    });
    for await (const { cursor } of openServerStream(client, watchTargets, anyWatch)) {
      expect(cursor).toBe('1');
      break;
    }
    expect(await reason.promise).toMatchObject({ code: 'CANCELLED' });
  });

  it('has no deadline but its caller’s', async () => {
    const started = await harness.start(
      {
        watchTargets: async (_, __, context) => {
          await aborted(context.signal);
        },
      },
      { limits: { maxCallMs: 10 } },
    );
    const error = await failureOf(
      collect(openServerStream(started.client, watchTargets, anyWatch, { timeoutMs: 200 })),
    );
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    await until(async () => (await inFlight(started, 'stream')) === 0);
    expect(await endings(started)).toEqual({ DEADLINE_EXCEEDED: 1 });
  });

  it('stops the handler while the client does not read, and goes on when it does', async () => {
    let written = 0;
    const { client } = await harness.start({
      async watchTargets(_, stream) {
        for (; written < 100; written++) await stream.write(message(String(written), 64 * 1024));
      },
    });
    const responses = openServerStream(client, watchTargets, anyWatch)[Symbol.asyncIterator]();
    await responses.next();
    let before = -1;
    await until(async () => {
      if (written === before) return true;
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return false;
    }, 'the writer’s stop');
    expect(written).toBeLessThan(60); // what the windows and queues of both sides hold, not all
    let rest = 1;
    while ((await responses.next()).done !== true) rest++;
    expect(rest).toBe(100);
  });

  it('is reset when the client does not read for too long', async () => {
    const failed = deferred<unknown>();
    const started = await harness.start(
      {
        async watchTargets(_, stream) {
          try {
            for (;;) await stream.write(message('', 64 * 1024));
          } catch (error) {
            failed.resolve(error);
            throw error;
          }
        },
      },
      { limits: { slowConsumerMs: 150 } },
    );
    const call = started.client.watchTargets(anyWatch);
    const status = deferred<{ code: number }>();
    call.on('error', () => undefined);
    call.on('status', status.resolve);
    call.once('data', () => call.pause()); // before its first read grpc-js takes everything
    expect(await failed.promise).toMatchObject({ code: 'SLOW_CONSUMER' });
    await until(async () => (await inFlight(started, 'stream')) === 0);
    expect(await endings(started)).toEqual({ RESOURCE_EXHAUSTED: 1 });
    call.resume();
    expect((await status.promise).code).toBe(8); // RESOURCE_EXHAUSTED
    await expect(callUnary(started.client, acquireTargets, request('a'))).resolves.toBeDefined(); // same connection
  });

  it('is refused at once over the bound', async () => {
    const door = gate();
    const { client } = await harness.start(
      { watchTargets: (_, __, context) => door.pass(context) },
      { limits: { maxStreams: 1 } },
    );
    const first = collect(openServerStream(client, watchTargets, anyWatch));
    await until(() => door.state.waiting === 1);
    const error = await failureOf(collect(openServerStream(client, watchTargets, anyWatch)));
    expect(error.code).toBe('OVERLOADED');
    expect(error.message).toContain('1 streams');
    door.open();
    await first;
  });
});

describe('a bidirectional stream', () => {
  it('answers each request, and drains after the half-close', async () => {
    const { client } = await harness.start({
      async streamAcquire(requests, stream) {
        const replies: Promise<void>[] = [];
        for await (const given of requests) {
          if (given instanceof InvalidMessage) throw given.error;
          replies.push(Promise.resolve().then(() => stream.write(accepted(given.requestId))));
        }
        await Promise.all(replies);
      },
    });
    const call = openBidi(client, streamAcquire);
    const responses = collect(call.responses);
    const ids = Array.from({ length: 100 }, (_, i) => String(i));
    for (const requestId of ids) await call.write({ requestId, targets: [] });
    call.end();
    expect((await responses).map(({ requestId }) => requestId)).toEqual(ids);
    await expect(call.write({ requestId: '', targets: [] })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('gives the handler a bad request as one, and goes on', async () => {
    const { client } = await harness.start({
      async streamAcquire(requests, stream) {
        for await (const given of requests) {
          await stream.write(
            given instanceof InvalidMessage
              ? { requestId: '', outcome: { $case: 'error', value: toRpcStatus(given.error) } }
              : accepted(given.requestId),
          );
        }
      },
    });
    const method = {
      ...streamAcquire,
      requestSerialize: (value: { requestId: string; targets: [] }) =>
        value.requestId === 'bad' ? Buffer.from([0x0a, 0xff]) : streamAcquire.requestSerialize(value),
    };
    const call = openBidi(client, method);
    for (const requestId of ['1', 'bad', '2']) await call.write({ requestId, targets: [] });
    call.end();
    expect((await collect(call.responses)).map(({ outcome }) => outcome?.$case)).toEqual([
      'acquired',
      'error',
      'acquired',
    ]);
  });

  it('reads no further than the handler asks', async () => {
    const door = gate();
    const { client } = await harness.start({
      async streamAcquire(requests, _, context) {
        for await (const given of requests) {
          expect(given).not.toBeInstanceOf(InvalidMessage);
          await door.pass(context);
        }
      },
    });
    const call = openBidi(client, streamAcquire);
    const targets = [{ message: 'x'.repeat(64 * 1024), criticality: 0, source: '' }];
    let sent = 0;
    const sending = (async () => {
      for (; sent < 200; sent++) await call.write({ requestId: '', targets });
    })();
    let before = -1;
    await until(async () => {
      if (sent === before) return true;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return false;
    });
    expect(sent).toBeLessThan(100);
    door.open();
    await sending;
    call.end();
    await collect(call.responses);
  });

  it('throws in the reader when the connection breaks', async () => {
    const begun = deferred<unknown>();
    const seen = deferred<unknown>();
    const started = await harness.start({
      async streamAcquire(requests) {
        try {
          for await (const given of requests) begun.resolve(given);
        } catch (error) {
          seen.resolve(error);
          throw error;
        }
      },
    });
    const call = openBidi(started.client, streamAcquire);
    await call.write({ requestId: '1', targets: [] });
    await begun.promise;
    started.server.forceClose();
    expect(await seen.promise).toMatchObject({ code: 'CANCELLED' });
    expect((await failureOf(collect(call.responses))).code).toMatch(/UNAVAILABLE|CANCELLED/);
    await until(async () => (await inFlight(started, 'stream')) === 0);
  });

  it('ends for the handler when the client cancels', async () => {
    const read = deferred<unknown>();
    const over = deferred<unknown>();
    const started = await harness.start({
      async streamAcquire(requests, stream, context) {
        for await (const given of requests) {
          read.resolve(given);
          over.resolve(await aborted(context.signal));
          await stream.write(accepted('1'));
        }
      },
    });
    const call = openBidi(started.client, streamAcquire);
    await call.write({ requestId: '1', targets: [] });
    await read.promise;
    call.cancel();
    expect(await over.promise).toMatchObject({ code: 'CANCELLED' });
    expect((await failureOf(collect(call.responses))).code).toBe('CANCELLED');
    await until(async () => (await inFlight(started, 'stream')) === 0);
    expect(await endings(started)).toEqual({ CANCELLED: 1 });
  });

  it('may end before the client does', async () => {
    const { client } = await harness.start({
      async streamAcquire(requests, stream) {
        await requests[Symbol.asyncIterator]().next();
        await stream.write(accepted('only'));
      },
    });
    const call = openBidi(client, streamAcquire);
    await call.write({ requestId: '1', targets: [] });
    expect((await collect(call.responses)).map(({ requestId }) => requestId)).toEqual(['only']);
  });

  it('is cancelled by a signal', async () => {
    const abort = new AbortController();
    const { client } = await harness.start({
      streamAcquire: async (_, __, context) => {
        await aborted(context.signal);
      },
    });
    const call = openBidi(client, streamAcquire, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    expect((await failureOf(collect(call.responses))).code).toBe('CANCELLED');
  });
});

describe('a drain', () => {
  it('finishes unary calls, tells streams to come again, and takes nothing new', async () => {
    const door = gate();
    const started = await harness.start({
      acquireTargets: async (_, context) => {
        await door.pass(context);
        return acquired(['late']);
      },
      async watchTargets(_, stream, context) {
        await stream.write(message('here'));
        await aborted(context.draining);
        throw context.draining.reason;
      },
      async streamAcquire(requests, stream) {
        for await (const given of requests) {
          if (!(given instanceof InvalidMessage)) await stream.write(accepted(given.requestId));
        }
      },
    });
    const unary = callUnary(started.client, acquireTargets, request('a'));
    const watch = failureOf(collect(openServerStream(started.client, watchTargets, anyWatch)));
    const bidi = openBidi(started.client, streamAcquire);
    await bidi.write({ requestId: '1', targets: [] });
    const replies: string[] = [];
    const bidiEnd = failureOf(
      (async () => {
        for await (const { requestId } of bidi.responses) replies.push(requestId);
      })(),
    );
    await until(() => door.state.waiting === 1 && replies.length === 1);

    const drained = started.server.drain(5_000);
    for (const error of [await watch, await bidiEnd]) {
      expect(error.code).toBe('UNAVAILABLE');
      expect(error.details.retryAfterMs).toBeGreaterThan(0);
    }
    expect(await Promise.race([drained.then(() => 'drained'), Promise.resolve('waiting')])).toBe('waiting');
    door.open();
    expect((await unary).targets[0]?.message).toBe('late');
    await drained;
    const late = await failureOf(callUnary(started.client, acquireTargets, request('a'), { timeoutMs: 1_000 }));
    expect(late.code).toBe('UNAVAILABLE');
  });

  it('takes an AbortError of a handler that ends on it for its reason', async () => {
    const begun = deferred();
    const { client, server } = await harness.start({
      async watchTargets(_, __, context) {
        begun.resolve();
        await aborted(context.draining);
        throw new DOMException('This operation was aborted', 'AbortError');
      },
    });
    const watch = failureOf(collect(openServerStream(client, watchTargets, anyWatch)));
    await begun.promise;
    await server.drain(5_000);
    expect((await watch).code).toBe('UNAVAILABLE');
  });

  it('cuts off what is left when the time is over', async () => {
    const door = gate();
    const started = await harness.start({
      acquireTargets: async (_, context) => {
        await door.pass(context);
        return acquired([]);
      },
    });
    const call = failureOf(callUnary(started.client, acquireTargets, request('a')));
    await until(() => door.state.waiting === 1);
    const startedAt = performance.now();
    await started.server.drain(100);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect((await call).code).toMatch(/UNAVAILABLE|CANCELLED/);
    await until(() => door.state.aborted.length === 1);
  });
});
