import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { fixedCredential } from '../credentials';
import { defaultLimits, serverOptions, type GrpcLimits } from './limits';
import { listen } from './listener';

/** What grpc.health.v1 is asked for by name. */
export type HealthName = 'liveness' | 'readiness';

/** Answers grpc.health.v1 on a port of its own. */
export interface HealthServer {
  readonly port: number;
  /** Sets an answer. The empty name answers what `readiness` does. */
  set(name: HealthName, serving: boolean): void;
  close(): void;
}

/** Probes are few and small. */
const limits: GrpcLimits = {
  ...defaultLimits,
  maxReceiveBytes: 4_096,
  maxConcurrentStreams: 32,
  maxConnections: 128,
};

/**
 * Starts the health server: plain text on any address, because it tells no more than the status. At first alive
 * and not ready.
 *
 * @throws EmitterError CONFIG_INVALID when the port cannot be had.
 */
export async function healthServer({ host, port }: { host: string; port: number }): Promise<HealthServer> {
  const health = new HealthImplementation({ '': 'NOT_SERVING', liveness: 'SERVING', readiness: 'NOT_SERVING' });
  const server = new Server(serverOptions(limits));
  health.addToServer(server);
  const listener = await listen(server, {
    what: 'health',
    host,
    port,
    credentials: fixedCredential(ServerCredentials.createInsecure()),
    limits,
  });
  return {
    port: listener.port,
    set(name, serving) {
      const status = serving ? 'SERVING' : 'NOT_SERVING';
      health.setStatus(name, status);
      if (name === 'readiness') {
        health.setStatus('', status);
      }
    },
    close() {
      listener.stop();
      server.forceShutdown();
      listener.destroy();
    },
  };
}
