import { callUnary, connect, openServerStream, toEmitterError } from '@emitter/kit';
import type { TargetFilter } from '@emitter/proto';
import { DestroyerClient, DestroyerService, TargetOrder } from '@emitter/proto';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { EmitterClient } from './emitter-client';
import { inPlainWords } from './no-answer';

/** How to reach a service. */
export interface ConnectOptions {
  /** How long a call may take when it does not say, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** Default: none, for loopback. */
  readonly credentials?: ChannelCredentials;
}

/**
 * A client for the destroyer at `host:port`. Connects at the first call, and again by itself after a break. Calls
 * are sent once: whoever wants them repeated uses `settle`.
 */
export function connectEmitter(address: string, options: ConnectOptions = {}): EmitterClient {
  const { timeoutMs = 5_000, credentials } = options;
  const client = connect(DestroyerClient, address, credentials === undefined ? {} : { credentials });
  const fail = (thrown: unknown): never => {
    throw inPlainWords(toEmitterError(thrown), address);
  };
  const page: EmitterClient['page'] = (query, pageToken, bounds) => {
    const { filter, order = TargetOrder.TARGET_ORDER_UNSPECIFIED, pageSize } = query;
    const request = { filter: filterOf(filter), pageSize, pageToken, order };
    return callUnary(client, DestroyerService.listTargets, request, { timeoutMs, ...bounds }).catch(fail);
  };
  return {
    address,
    acquire: ({ targets, requestId = '' }, bounds) =>
      callUnary(
        client,
        DestroyerService.acquireTargets,
        { targets: [...targets], requestId },
        { timeoutMs, ...bounds },
      ).catch(fail),
    page,
    async *list(query = {}, bounds) {
      let pageToken = '';
      do {
        const { targets, nextPageToken } = await page(query, pageToken, bounds);
        yield targets;
        pageToken = nextPageToken;
      } while (pageToken !== '');
    },
    async *watch({ filter, cursor = '' } = {}, bounds) {
      const request = { filter: filterOf(filter), cursor };
      try {
        yield* openServerStream(client, DestroyerService.watchTargets, request, bounds);
      } catch (thrown) {
        fail(thrown);
      }
    },
    readiness: (bounds) => callUnary(client, DestroyerService.checkReadiness, {}, { timeoutMs, ...bounds }).catch(fail),
    close: () => client.close(),
  };
}

function filterOf(filter: Partial<TargetFilter> | undefined): TargetFilter | undefined {
  return filter === undefined ? undefined : { createdFrom: undefined, createdBefore: undefined, ids: [], ...filter };
}
