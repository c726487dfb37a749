import { join } from 'node:path';
import { startChild } from './child';

/** The baseline server. */
export interface EchoServer {
  readonly pid: number;
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the bare grpc-js server that destroyer is held against. */
export async function startEchoServer(): Promise<EchoServer> {
  const child = startChild(join(__dirname, 'echo-server.js'));
  const { port } = (await child.ask()) as { port: number };
  return { pid: child.pid, address: `127.0.0.1:${String(port)}`, stop: () => child.stop() };
}
