import { createServer } from 'node:net';
import { once } from 'node:events';

/** Whether a port of 127.0.0.1 can be listened on now. */
export async function isFree(port: number): Promise<boolean> {
  return (await claim(port)) !== undefined;
}

/**
 * A port of 127.0.0.1 that nobody listens on: the first of the preferred that is free, else one that the system gives.
 * Another process may take it before it is used, so whoever starts a server on it tries again with another.
 */
export async function freePort(...preferred: readonly number[]): Promise<number> {
  for (const port of [...preferred, 0]) {
    const claimed = await claim(port);
    if (claimed !== undefined) {
      return claimed;
    }
  }
  throw new Error('the system has no free port');
}

async function claim(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
