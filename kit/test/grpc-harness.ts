import { connect as connectTcp, type Socket } from 'node:net';
import { DestroyerClient, DestroyerService, type AcquireTargetsResponse, type Target } from '@emitter/proto';
import {
  connect,
  createGrpcServer,
  createMetrics,
  EmitterError,
  fromGrpcStatus,
  service,
  silentLogger,
  type CallContext,
  type GrpcServer,
  type GrpcServerOptions,
  type HandlersOf,
  type Metrics,
} from '@emitter/kit';
import { Metadata } from '@grpc/grpc-js';

export type DestroyerHandlers = HandlersOf<typeof DestroyerService>;

/** Handlers of the Destroyer service, for what a test does not state itself. */
const defaults: DestroyerHandlers = {
  acquireTargets: (request) => Promise.resolve(acquired(request.targets.map(({ message }) => message))),
  streamAcquire: () => Promise.resolve(),
  listTargets: () => Promise.resolve({ targets: [], nextPageToken: '' }),
  watchTargets: () => Promise.resolve(),
  checkHealth: () => Promise.resolve({ service: 'test', version: '0.0.0', startedOn: undefined }),
  checkReadiness: () => Promise.resolve({ ready: true, reason: '', dependencies: [] }),
};

export interface Harness {
  readonly server: GrpcServer;
  readonly client: DestroyerClient;
  readonly metrics: Metrics;
}

/** Servers and clients on loopback, all closed by `closeAll`. */
export function createHarness() {
  const closers: (() => void)[] = [];
  return {
    async start(handlers: Partial<DestroyerHandlers>, options: Partial<GrpcServerOptions> = {}): Promise<Harness> {
      const metrics = createMetrics('test', { processMetrics: false });
      const server = await createGrpcServer({
        services: [service(DestroyerService, { ...defaults, ...handlers })],
        host: '127.0.0.1',
        port: 0,
        logger: silentLogger(),
        metrics,
        ...options,
      });
      const client = connect(DestroyerClient, `127.0.0.1:${server.port}`);
      closers.push(
        () => client.close(),
        () => server.forceClose(),
      );
      return { server, client, metrics };
    },
    onClose(closer: () => void): void {
      closers.push(closer);
    },
    closeAll(): void {
      closers.splice(0).forEach((close) => close());
    },
  };
}

export function acquired(messages: readonly string[]): AcquireTargetsResponse {
  return { eventId: 'event', targets: messages.map((message) => target(message)) };
}

export function target(message: string): Target {
  return { id: 'id', message, criticality: 0, source: '', createdOn: undefined, updatedOn: undefined };
}

export function request(...messages: string[]) {
  return { requestId: '', targets: messages.map((message) => ({ message, criticality: 1, source: 'test' })) };
}

/** Waits for a condition, looking every 5 ms, for at most 10 s. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const giveUpOn = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > giveUpOn) {
      throw new Error(`${what} did not come about within 10 s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise to be settled from outside. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A TCP connection that says what it is told and ignores what it hears; never rejects. */
export function rawConnection(port: number, bytes?: Buffer): Promise<Socket & { wasClosed: boolean }> {
  return new Promise((resolve) => {
    const socket = Object.assign(connectTcp({ host: '127.0.0.1', port, allowHalfOpen: true }), { wasClosed: false });
    socket.on('error', () => undefined);
    socket.on('close', () => (socket.wasClosed = true));
    socket.on('end', () => (socket.wasClosed = true));
    socket.resume();
    socket.once('connect', () => {
      if (bytes !== undefined) socket.write(bytes);
      resolve(socket);
    });
    socket.once('close', () => resolve(socket));
  });
}

/** What a promise rejects with, which must be an EmitterError. */
export async function failureOf(promise: Promise<unknown>): Promise<EmitterError> {
  const thrown: unknown = await promise.then(
    () => new Error('it did not reject'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof EmitterError)) {
    throw new Error('it is not rejected with an EmitterError', { cause: thrown });
  }
  return thrown;
}

/** How many calls of the kind the server counts as under way. */
export async function inFlight({ metrics }: Harness, kind: 'unary' | 'stream'): Promise<number> {
  const found = await metrics.registry.getSingleMetric('emitter_grpc_calls_in_flight')?.get();
  return found?.values.find(({ labels }) => labels.kind === kind)?.value ?? -1;
}

/** How many connections the server has. */
export async function connections({ metrics }: Harness): Promise<number> {
  const found = await metrics.registry.getSingleMetric('emitter_grpc_connections')?.get();
  return found?.values[0]?.value ?? -1;
}

/** How many calls ended with each status. */
export async function endings({ metrics }: Harness): Promise<Record<string, number>> {
  const text = await metrics.registry.getSingleMetricAsString('emitter_grpc_call_duration_seconds');
  const found: Record<string, number> = {};
  for (const [, code = '', count] of text.matchAll(/_count\{.*code="(\w+)".*\} (\d+)/g)) {
    found[code] = (found[code] ?? 0) + Number(count);
  }
  return found;
}

/** Sends bytes as they are in the place of a request of AcquireTargets. */
export function sendRaw(
  { client }: Harness,
  bytes: Buffer,
  headers: Record<string, string> = {},
): Promise<EmitterError> {
  const metadata = new Metadata();
  Object.entries(headers).forEach(([name, value]) => metadata.set(name, value));
  const { path, responseDeserialize } = DestroyerService.acquireTargets;
  const answer = new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      () => bytes,
      responseDeserialize,
      {},
      metadata,
      {},
      (error, response) => {
        if (error === null) resolve(response);
        else reject(fromGrpcStatus(error));
      },
    );
  });
  return failureOf(answer);
}

/** A handler that waits until it is let go or nobody waits for it, and counts how many wait. */
export function gate() {
  const { promise, resolve } = deferred();
  const state = { waiting: 0, aborted: [] as unknown[] };
  return {
    state,
    open: () => resolve(),
    async pass(context: CallContext): Promise<void> {
      state.waiting++;
      await new Promise<void>((go) => {
        void promise.then(go);
        context.signal.addEventListener('abort', () => {
          state.aborted.push(context.signal.reason);
          go();
        });
      });
      state.waiting--;
    },
  };
}

/** Every response of a stream, once it has ended. */
export async function collect<T>(responses: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const response of responses) {
    all.push(response);
  }
  return all;
}
