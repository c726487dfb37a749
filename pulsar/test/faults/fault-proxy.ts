import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy that can be told to misbehave. Modes: *through*; *silent*: bytes are swallowed in both directions, nothing
 * is closed (half-open); *slow*: bytes wait. Cutting closes what is open; *refuse* closes what is new as well.
 */
export class FaultProxy {
  mode: 'through' | 'silent' | 'slow' | 'refuse' = 'through';
  private readonly pairs = new Set<[Socket, Socket]>();
  private server: Server | undefined;

  /** @param target asked for each connection: the port may be known later */
  constructor(private readonly target: () => number) {}

  async listen(port = 0): Promise<number> {
    const server = createServer((client) => this.join(client)).listen(port, '127.0.0.1');
    this.server = server;
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as { port: number }).port;
  }

  /** Resets every open connection. */
  cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private join(client: Socket): void {
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const broker = connect(this.target(), '127.0.0.1');
    const pair: [Socket, Socket] = [client, broker];
    this.pairs.add(pair);
    // What was swallowed once makes the stream worthless: such a pair stays silent.
    let silenced = false;
    const forward = (from: Socket, to: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        silenced ||= this.mode === 'silent';
        if (silenced) return;
        if (this.mode !== 'slow') {
          if (!to.write(chunk)) from.pause();
          return;
        }
        from.pause();
        setTimeout(() => {
          to.write(chunk);
          from.resume();
        }, 50);
      });
      to.on('drain', () => from.resume());
      from.on('error', () => undefined);
      from.on('close', () => {
        this.pairs.delete(pair);
        if (!silenced) to.destroy();
      });
    };
    forward(client, broker);
    forward(broker, client);
  }
}
