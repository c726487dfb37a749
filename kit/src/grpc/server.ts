import { setMaxListeners } from 'node:events';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { fixedCredential, type CredentialSource } from '../credentials';
import { EmitterError } from '../errors';
import type { Logger } from '../logging';
import type { Metrics } from '../metrics';
import { isLoopback } from './address';
import { createCallObserver } from './call-observer';
import { watchArrivals } from './arrivals';
import { bind } from './bind';
import { gaugeOpen } from './call-gauges';
import { createCallRegister } from './call-register';
import { defaultLimits, serverOptions, type GrpcLimits } from './limits';
import { listen } from './listener';
import { reflectionService } from './reflection';
import type { ServiceRegistration } from './service';
import { within } from './within';

export interface GrpcServerOptions {
  readonly services: readonly ServiceRegistration[];
  /** Where to listen. Without TLS only a loopback address is accepted, unless allowInsecure. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What differs from defaultLimits. */
  readonly limits?: Partial<GrpcLimits>;
  /** Default: none, plain text. */
  readonly credentials?: CredentialSource<ServerCredentials>;
  /** Listen in plain text beyond this machine. */
  readonly allowInsecure?: boolean;
  /** The compiled .proto files (a google.protobuf.FileDescriptorSet) to answer gRPC reflection from. Default: none. */
  readonly reflection?: Uint8Array;
}

/** A gRPC server that listens. */
export interface GrpcServer {
  readonly port: number;
  /**
   * Takes no new connections and calls, tells streams to end, and resolves when all are done. What is left after
   * the time (ms) is cut off.
   */
  drain(timeoutMs: number): Promise<void>;
  /** Cuts every call and connection off. */
  forceClose(): void;
}

/** When a client whose stream ends because of a drain should come again: at once, to another replica. */
const DRAINING_RETRY_MS = 500;

/**
 * Starts a gRPC server: bounds, deadlines, error details, logs and metrics for every call.
 *
 * @throws EmitterError CONFIG_INVALID when the port cannot be had, or plain text would be reachable from elsewhere.
 */
export async function createGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { host, port, logger, metrics } = options;
  const credentials = options.credentials ?? fixedCredential(ServerCredentials.createInsecure());
  refuseReachablePlainText(host, credentials.current(), options.allowInsecure ?? false);

  const limits: GrpcLimits = { ...defaultLimits, ...options.limits };
  const draining = new AbortController();
  setMaxListeners(0, draining.signal); // one for each stream
  const observer = createCallObserver(logger, metrics);
  const calls = createCallRegister(limits, draining.signal, observer);
  const server = new Server({ ...serverOptions(limits), interceptors: [watchArrivals(calls, observer)] });
  const services =
    options.reflection === undefined
      ? options.services
      : [
          ...options.services,
          reflectionService(
            options.reflection,
            options.services.map(({ name }) => name),
          ),
        ];
  bind(server, services, { calls, observer, slowConsumerMs: limits.slowConsumerMs });
  const listener = await listen(server, { what: 'calls', host, port, credentials, limits }).catch((error: unknown) => {
    calls.close();
    throw error;
  });
  gaugeOpen(metrics, calls, listener);

  const forceClose = () => {
    listener.stop();
    server.forceShutdown();
    listener.destroy();
    calls.close();
  };

  return {
    port: listener.port,
    forceClose,
    async drain(timeoutMs) {
      listener.stop();
      draining.abort(
        new EmitterError('UNAVAILABLE', 'the service is shutting down', {
          details: { retryAfterMs: DRAINING_RETRY_MS },
        }),
      );
      const connectionsClosed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      // A session may say that it is closed while its last answers are still on their way out of the socket (Node 24).
      const done = Promise.all([connectionsClosed, calls.idle()]).then(() => listener.allClosed());
      if (!(await within(timeoutMs, done))) {
        logger.warn(
          { unary: calls.size('unary'), streams: calls.size('stream') },
          'calls cut off: the drain took too long',
        );
      }
      forceClose();
    },
  };
}

function refuseReachablePlainText(host: string, credentials: ServerCredentials, allowInsecure: boolean): void {
  if (!credentials._isSecure() && !isLoopback(host) && !allowInsecure) {
    throw new EmitterError(
      'CONFIG_INVALID',
      `${host} can be reached from other machines, and there is no TLS: listen on 127.0.0.1, or say allowInsecure`,
    );
  }
}
