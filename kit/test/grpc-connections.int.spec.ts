import { ServerCredentials } from '@grpc/grpc-js';
import { connect as connectHttp2, constants } from 'node:http2';
import { DestroyerClient, DestroyerService } from '@emitter/proto';
import { callUnary, connect, createMetrics, silentLogger, createGrpcServer } from '@emitter/kit';
import { connections, createHarness, failureOf, rawConnection, request, until as expectSoon } from './grpc-harness';

const harness = createHarness();
afterEach(() => harness.closeAll());

const { acquireTargets } = DestroyerService;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** The preface, and SETTINGS without any. */
const HANDSHAKE = Buffer.concat([Buffer.from(PREFACE), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);

describe('connections that say nothing', () => {
  it('are closed after the handshake time, while the server keeps answering', async () => {
    const started = await harness.start({}, { limits: { handshakeMs: 300 } });
    const silent = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        rawConnection(started.server.port, i % 2 === 0 ? undefined : Buffer.from(PREFACE.slice(0, 1 + (i % 23)))),
      ),
    );
    harness.onClose(() => silent.forEach((socket) => socket.destroy()));
    await callUnary(started.client, acquireTargets, request('a'), { timeoutMs: 5_000 });
    expect(await connections(started)).toBeGreaterThan(250);
    await expectSoon(() => silent.every((socket) => socket.wasClosed));
    await expectSoon(async () => (await connections(started)) === 1);
    await callUnary(started.client, acquireTargets, request('a'), { timeoutMs: 5_000 });
  });

  it('are closed by keepalive when they answer no ping', async () => {
    const started = await harness.start({}, { limits: { keepaliveMs: 100, keepaliveTimeoutMs: 100 } });
    const silent = await rawConnection(started.server.port, HANDSHAKE);
    harness.onClose(() => silent.destroy());
    await expectSoon(() => silent.wasClosed);
    await expectSoon(async () => (await connections(started)) === 0);
  });

  it('are closed when idle, also if they never close their side', async () => {
    const started = await harness.start({}, { limits: { idleConnectionMs: 100 } });
    const silent = await rawConnection(started.server.port, HANDSHAKE);
    harness.onClose(() => silent.destroy());
    await expectSoon(async () => (await connections(started)) === 0);
  });

  it('hold up no drain for longer than it takes to hang up on them', async () => {
    const started = await harness.start({});
    const silent = await Promise.all([
      rawConnection(started.server.port),
      rawConnection(started.server.port, HANDSHAKE),
    ]);
    harness.onClose(() => silent.forEach((socket) => socket.destroy()));
    await expectSoon(async () => (await connections(started)) === 2);
    const startedAt = performance.now();
    await started.server.drain(10_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('the bound of connections', () => {
  it('closes what is over it and keeps those it has', async () => {
    const started = await harness.start({}, { limits: { maxConnections: 2 } });
    await callUnary(started.client, acquireTargets, request('a'));
    const second = await rawConnection(started.server.port, HANDSHAKE);
    await expectSoon(async () => (await connections(started)) === 2);
    const third = await rawConnection(started.server.port, HANDSHAKE);
    harness.onClose(() => [second, third].forEach((socket) => socket.destroy()));
    await expectSoon(() => third.wasClosed);
    expect(second.wasClosed).toBe(false);
    await callUnary(started.client, acquireTargets, request('a'));
  });
});

describe('requests that arrive slowly', () => {
  const headers = {
    ':method': 'POST',
    ':path': acquireTargets.path,
    'content-type': 'application/grpc',
    te: 'trailers',
  };

  it('are reset when they take longer than a call may, and bounded in number', async () => {
    const started = await harness.start({}, { limits: { maxCallMs: 400, maxConcurrentCalls: 2 } });
    const session = connectHttp2(`http://127.0.0.1:${started.server.port}`);
    harness.onClose(() => session.destroy());
    const half = () => {
      const stream = session.request(headers);
      const seen: { code?: number; status?: string } = {};
      stream.on('error', () => undefined);
      stream.on('response', (given) => (seen.status = String(given['grpc-status'])));
      stream.on('close', () => (seen.code = stream.rstCode));
      stream.write(Buffer.from([0, 0, 0, 1, 0, 1])); // a message of 256 bytes, of which one comes
      return seen;
    };
    const slow = [half(), half()];
    const over = half();
    await expectSoon(() => over.status === '8'); // RESOURCE_EXHAUSTED, before its request is there
    await expectSoon(() => slow.every(({ code }) => code === constants.NGHTTP2_CANCEL));
    await callUnary(started.client, acquireTargets, request('a'));
  });

  it('free their place when the client gives up', async () => {
    const started = await harness.start({}, { limits: { maxCallMs: 60_000, maxConcurrentCalls: 1 } });
    const session = connectHttp2(`http://127.0.0.1:${started.server.port}`);
    harness.onClose(() => session.destroy());
    const stream = session.request(headers);
    stream.on('error', () => undefined);
    stream.write(Buffer.from([0, 0, 0, 1, 0, 1]));
    const attempt = () =>
      callUnary(started.client, acquireTargets, request('a')).then(
        () => 'OK',
        (error: unknown) => (error as { code: string }).code,
      );
    await expectSoon(async () => (await attempt()) === 'OVERLOADED');
    stream.close(constants.NGHTTP2_CANCEL);
    await expectSoon(async () => (await attempt()) === 'OK');
  });
});

describe('answers that are not taken', () => {
  it('are reset after the time for slow consumers', async () => {
    const big = 'x'.repeat(1_000_000);
    const started = await harness.start(
      { listTargets: () => Promise.resolve({ targets: [], nextPageToken: big }) },
      { limits: { slowConsumerMs: 200 } },
    );
    // A window of 100 bytes, which is never made larger.
    const session = connectHttp2(`http://127.0.0.1:${started.server.port}`, { settings: { initialWindowSize: 100 } });
    harness.onClose(() => session.destroy());
    const stream = session.request({
      ':method': 'POST',
      ':path': DestroyerService.listTargets.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
    await expectSoon(() => stream.rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
});

describe('listening', () => {
  const options = () => ({
    services: [],
    logger: silentLogger(),
    metrics: createMetrics('test', { processMetrics: false }),
  });

  it('is refused in plain text where others can reach it', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      const error = await failureOf(createGrpcServer({ ...options(), host, port: 0 }));
      expect(error.code).toBe('CONFIG_INVALID');
      expect(error.message).toContain(host);
    }
  });

  it('is done in plain text for everybody when that is asked for', async () => {
    const server = await createGrpcServer({ ...options(), host: '0.0.0.0', port: 0, allowInsecure: true });
    expect(server.port).toBeGreaterThan(0);
    server.forceClose();
  });

  it('says when the port is taken', async () => {
    const { server } = await harness.start({});
    const error = await failureOf(createGrpcServer({ ...options(), host: '127.0.0.1', port: server.port }));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(String(server.port));
  });
});

describe('credentials that change', () => {
  it('are used for the connections that come after, and those there stay', async () => {
    let change: (next: ServerCredentials) => void = () => undefined;
    const insecure = ServerCredentials.createInsecure();
    const { client, server } = await harness.start(
      {},
      {
        credentials: {
          current: () => insecure,
          onChange(listener) {
            change = listener;
            return () => undefined;
          },
        },
      },
    );
    await callUnary(client, acquireTargets, request('a'));
    change(ServerCredentials.createInsecure());
    await callUnary(client, acquireTargets, request('a'));
    const later = connect(DestroyerClient, `127.0.0.1:${server.port}`);
    harness.onClose(() => later.close());
    await expect(callUnary(later, acquireTargets, request('a'))).resolves.toBeDefined();
  });
});
