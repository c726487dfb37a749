import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { cannotListen } from '../errors';
import type { Logger } from '../logging';

export interface MetricsServerOptions {
  readonly registry: Registry;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly logger?: Logger;
}

export interface MetricsServer {
  readonly port: number;
  /** Ends at once what is under way, and frees the port. */
  close(): Promise<void>;
}

/**
 * Answers GET /metrics in Prometheus' text format; 404 elsewhere, 405 for other methods. Slow and idle clients are cut
 * off, and no more than 32 are connected.
 *
 * @throws EmitterError CONFIG_INVALID when the address cannot be listened on
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { registry, host, port, logger } = options;
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 65_000 });
  server.maxConnections = 32;
  server.on('request', (request, response) => {
    answer(registry, request, response).catch((err: unknown) => {
      logger?.error({ err }, 'the metrics could not be collected');
      end(response, 500, 'the metrics could not be collected; the log has the cause\n');
    });
  });
  await listen(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?')[0];
  if (path !== '/metrics') {
    end(response, 404, 'only /metrics is here\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    end(response, 405, 'only GET is answered\n');
  } else {
    const text = await registry.metrics();
    response.setHeader('content-type', registry.contentType);
    end(response, 200, text);
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  if (!response.hasHeader('content-type')) {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  }
  response.statusCode = status;
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) => reject(cannotListen('metrics', host, port, cause));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
