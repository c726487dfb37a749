import { createGrpcServer, createMetrics, EmitterError, service, silentLogger, type GrpcServer } from '@emitter/kit';
import { DestroyerService, TargetOrder, type ListTargetsRequest } from '@emitter/proto';
import { fakeEmitter, type FakeEmitter } from '../src/testing/fake-emitter';

/** A destroyer of real gRPC over an emitter in memory, with failures on demand. */
export interface FakeDestroyer {
  readonly emitter: FakeEmitter;
  readonly port: number;
  readonly address: string;
  /** Requests of ListTargets, in order. */
  readonly lists: ListTargetsRequest[];
  /** Called before each ListTargets; what it throws is answered. */
  beforeList: (call: number) => void;
  stop(): Promise<void>;
}

/** Starts one; a port given is taken again, as after a restart, and so is what was stored. */
export async function startFakeDestroyer(port = 0, emitter = fakeEmitter()): Promise<FakeDestroyer> {
  const lists: ListTargetsRequest[] = [];
  const fake: { beforeList: FakeDestroyer['beforeList'] } = { beforeList: () => undefined };
  const server: GrpcServer = await createGrpcServer({
    host: '127.0.0.1',
    port,
    logger: silentLogger(),
    metrics: createMetrics('fake', { processMetrics: false }),
    services: [
      service(DestroyerService, {
        acquireTargets: async ({ requestId, targets }, context) => {
          const acquired = await emitter.acquire(requestId === '' ? { targets } : { targets, requestId }, context);
          return { eventId: acquired.eventId, targets: [...acquired.targets] };
        },
        streamAcquire: () => Promise.reject(new EmitterError('INTERNAL', 'not here')),
        listTargets: (request) => {
          fake.beforeList(lists.push(request));
          const from = Number(request.pageToken);
          const to = from + (request.pageSize ?? 100);
          const all = [...emitter.stored.values()];
          if (request.order !== TargetOrder.TARGET_ORDER_OLDEST_FIRST) {
            all.reverse();
          }
          return Promise.resolve({ targets: all.slice(from, to), nextPageToken: to < all.length ? String(to) : '' });
        },
        watchTargets: async ({ filter, cursor }, stream, { signal }) => {
          const query = { ...(filter === undefined ? {} : { filter }), ...(cursor === '' ? {} : { cursor }) };
          for await (const message of emitter.watch(query, { signal })) {
            await stream.write(message);
          }
        },
        checkHealth: () => Promise.resolve({ service: 'fake', version: '0', startedOn: new Date() }),
        checkReadiness: () => emitter.readiness(),
      }),
    ],
  });
  return {
    emitter,
    port: server.port,
    address: `127.0.0.1:${String(server.port)}`,
    lists,
    get beforeList() {
      return fake.beforeList;
    },
    set beforeList(before) {
      fake.beforeList = before;
    },
    stop: async () => {
      emitter.breakWatches();
      server.forceClose();
      await server.drain(1_000);
    },
  };
}
