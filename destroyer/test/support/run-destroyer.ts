import { randomBytes } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import type { EventLog } from '@emitter/event-log';
import {
  connect,
  createMetrics,
  createPostgres,
  fixedCredential,
  loadConfig,
  silentLogger,
  type GrpcLimits,
  type Logger,
  type Metrics,
  type Serving,
} from '@emitter/kit';
import type { TestDatabase } from '@emitter/local';
import { DestroyerClient } from '@emitter/proto';
import { destroyerConfig, startDestroyer, type DestroyerConfig } from '@emitter/destroyer';

/** A destroyer in this process, on ports and with a client of its own. */
export interface RunningDestroyer {
  readonly destroyer: Serving;
  readonly address: string;
  readonly client: DestroyerClient;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly database: Pick<TestDatabase, 'name' | 'port' | 'login'>;
  readonly eventLog: EventLog;
  readonly config?: Partial<DestroyerConfig>;
  readonly limits?: Partial<GrpcLimits>;
  readonly now?: () => number;
  readonly logger?: Logger;
}

/** The settings of a service with nothing set, on free ports. */
export function testConfig(changes: Partial<DestroyerConfig> = {}): DestroyerConfig {
  const loaded = loadConfig(destroyerConfig, { argv: [], env: {}, readFile: () => '' });
  if (loaded.kind !== 'values') {
    throw new Error('no values');
  }
  return { ...loaded.values, port: 0, healthPort: 0, metricsPort: 0, ...changes };
}

export async function runDestroyer(options: RunOptions): Promise<RunningDestroyer> {
  const { database, eventLog, limits, now, logger = silentLogger() } = options;
  const metrics = createMetrics('destroyer', { processMetrics: false });
  const config = testConfig(options.config);
  const destroyer = await startDestroyer({
    config,
    version: '1.2.3',
    eventLog,
    postgres: createPostgres({
      url: `postgres://127.0.0.1:${database.port}/${database.name}`,
      login: fixedCredential(database.login('destroyer')),
      applicationName: 'destroyer',
      maxConnections: config.databaseConnections,
    }),
    logger,
    metrics,
    ...(limits === undefined ? {} : { limits }),
    ...(now === undefined ? {} : { now }),
  });
  const address = `127.0.0.1:${destroyer.ports.api}`;
  const client = connect(DestroyerClient, address);
  return {
    destroyer,
    address,
    client,
    metrics,
    stop: async () => {
      client.close();
      await destroyer.stopAccepting();
      await destroyer.drain();
      await destroyer.close();
    },
  };
}

/** Ten bytes for a ULID. */
export const ulidBits = (): Buffer => randomBytes(10);

/** A client on a connection of its own: what it leaves unread holds up nobody else. */
export function ownConnection(address: string): DestroyerClient {
  return new DestroyerClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}
