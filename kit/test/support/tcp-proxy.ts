import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy that can fail in the ways a network does. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection. New ones work, unless refused. */
  cut(): void;
  /** From now on: `pass` as usual, `refuse` new connections, `swallow` every byte in both directions without a word. */
  mode(mode: 'pass' | 'refuse' | 'swallow'): void;
  /** Connections now open. */
  open(): number;
  close(): Promise<void>;
}

/** Starts a proxy on any free port to a port of this machine. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  let now: 'pass' | 'refuse' | 'swallow' = 'pass';
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    if (now === 'refuse') {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    join(client, upstream, () => now, sockets);
    join(upstream, client, () => now, sockets);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    port,
    cut,
    mode: (mode) => (now = mode),
    open: () => sockets.size / 2,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function join(from: Socket, to: Socket, mode: () => string, sockets: Set<Socket>): void {
  sockets.add(from);
  from.setNoDelay(true);
  from.on('data', (bytes) => {
    if (mode() !== 'swallow') {
      to.write(bytes);
    }
  });
  from.on('error', () => undefined);
  from.on('close', () => {
    sockets.delete(from);
    // Across a network that carries nothing, the other side does not hear of the end either.
    if (mode() !== 'swallow') {
      to.destroy();
    }
  });
}
