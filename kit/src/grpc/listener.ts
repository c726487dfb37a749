import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import type { CredentialSource } from '../credentials';
import { cannotListen } from '../errors';
import type { GrpcLimits } from './limits';

/** What an HTTP/2 client sends before anything else: the preface and the head of a SETTINGS frame (RFC 9113, 3.4). */
const HANDSHAKE_BYTES = 24 + 9;
/** How long a connection that we closed may wait for the other side's FIN. */
const LINGER_MS = 1_000;

/** A listening port. */
export interface Listener {
  /** The port, also when any free one was asked for. */
  readonly port: number;
  /** How many connections are open. */
  connections(): number;
  /** Takes no more connections; those that are open stay. */
  stop(): void;
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>;
  /** Closes every connection at once. */
  destroy(): void;
}

/**
 * Listens for a gRPC server on a socket of our own, because grpc-js bounds neither the number of connections nor
 * those that never speak, and its forceShutdown leaves connections open (1.14.7, without channelz). Credentials
 * that change hold for the connections that come after.
 */
export async function listen(
  server: Server,
  {
    what,
    host,
    port,
    credentials,
    limits,
  }: {
    /** What is answered there, for an error: `calls`, `health`. */
    what: string;
    host: string;
    port: number;
    credentials: CredentialSource<ServerCredentials>;
    limits: Pick<GrpcLimits, 'maxConnections' | 'handshakeMs'>;
  },
): Promise<Listener> {
  const sockets = new Set<Socket>();
  let closedWaiters: (() => void)[] = [];
  let injector = server.createConnectionInjector(credentials.current());
  const stopWatching = credentials.onChange((next) => {
    injector = server.createConnectionInjector(next);
  });

  const netServer = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const handshake = setTimeout(() => {
      if (socket.bytesRead < HANDSHAKE_BYTES) socket.destroy();
    }, limits.handshakeMs).unref();
    socket.once('close', () => {
      clearTimeout(handshake);
      sockets.delete(socket);
      if (sockets.size === 0) {
        closedWaiters.forEach((resolve) => resolve());
        closedWaiters = [];
      }
    });
    socket.once('finish', () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
    socket.on('error', () => undefined); // `close` follows, and there is nothing to mend
    injector.injectConnection(socket);
  });
  netServer.maxConnections = limits.maxConnections;

  await new Promise<void>((resolve, reject) => {
    netServer.once('error', (cause: Error) => {
      stopWatching();
      reject(cannotListen(what, host, port, cause));
    });
    netServer.listen({ host, port }, resolve);
  });

  return {
    port: (netServer.address() as AddressInfo).port,
    connections: () => sockets.size,
    stop() {
      stopWatching();
      netServer.close();
    },
    allClosed: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => closedWaiters.push(resolve))),
    destroy() {
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
