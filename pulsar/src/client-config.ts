import type { Authentication } from './connection/authentication';
import type { ConnectionSettings } from './connection/connection';
import { parseServiceUrl } from './connection/service-url';
import { integer, refuse, requiredText } from './options';

/** As in `pulsar-client`. */
export enum LogLevel {
  DEBUG = 0,
  INFO = 1,
  WARN = 2,
  ERROR = 3,
}
/** Takes what the client has to say; nothing is printed without one. */
export type LogHandler = (level: LogLevel, file: string, line: number, message: string) => void;

/** Options of `Client`; names and defaults are those of `pulsar-client` except where said. */
export interface ClientConfig {
  /** `pulsar://host[:port][,…]` or `pulsar+ssl://…` */
  serviceUrl: string;
  authentication?: Authentication;
  /** For questions to the broker, and for first attempts to attach. Default 30. */
  operationTimeoutSeconds?: number;
  /** PEM file of the certificate authorities to trust. Default: those of Node. */
  tlsTrustCertsFilePath?: string;
  tlsCertificateFilePath?: string;
  tlsPrivateKeyFilePath?: string;
  /** Default true (official: false). */
  tlsValidateHostname?: boolean;
  tlsAllowInsecureConnection?: boolean;
  /** Which of the broker's advertised listeners to use. */
  listenerName?: string;
  /** For the connection, TLS and the handshake each. Default 10 000. */
  connectionTimeoutMs?: number;
  log?: LogHandler;
  logLevel?: LogLevel;
  /** Not in the official client: a silent connection is asked after two, and given up after three. Default 5 000. */
  keepAliveIntervalMs?: number;
  /** Not in the official client: bytes that the messages without receipt of all producers may have. Default 64 MiB. */
  memoryLimitBytes?: number;
  /** Not in the official client: how often to look for new partitions. Default 60 000. */
  partitionsUpdateIntervalMs?: number;
  /** Not in the official client: the first and the longest wait between attempts to reconnect. Default 100 and 3 000. */
  reconnectBackOffMs?: { first: number; max: number };
  // Taken and not needed: there are no threads to number, and no statistics printed.
  ioThreads?: number;
  messageListenerThreads?: number;
  concurrentLookupRequest?: number;
  statsIntervalInSeconds?: number;
}

/** Raises INVALID_CONFIGURATION, INVALID_URL or NOT_SUPPORTED for what cannot be. */
export function clientSettings(config: ClientConfig) {
  refuse(config, ['serviceUrlProvider']);
  const connection: ConnectionSettings = {
    tls: {
      trustCertsFile: config.tlsTrustCertsFilePath,
      certificateFile: config.tlsCertificateFilePath,
      privateKeyFile: config.tlsPrivateKeyFilePath,
      validateHostname: config.tlsValidateHostname ?? true,
      allowInsecure: config.tlsAllowInsecureConnection ?? false,
    },
    authentication: config.authentication,
    connectionTimeoutMs: integer('connectionTimeoutMs', config.connectionTimeoutMs, 10_000, 1),
    operationTimeoutMs: 1_000 * integer('operationTimeoutSeconds', config.operationTimeoutSeconds, 30, 1),
    keepAliveMs: integer('keepAliveIntervalMs', config.keepAliveIntervalMs, 5_000, 10),
    clientVersion: 'emitter-pulsar-0.1.0',
  };
  return {
    hosts: parseServiceUrl(requiredText('serviceUrl', config.serviceUrl)),
    connection,
    listenerName: config.listenerName,
    memoryLimitBytes: integer('memoryLimitBytes', config.memoryLimitBytes, 64 * 1024 * 1024, 1),
    partitionsUpdateMs: integer('partitionsUpdateIntervalMs', config.partitionsUpdateIntervalMs, 60_000, 10),
    backOff: config.reconnectBackOffMs ?? { first: 100, max: 3_000 },
    logLevel: config.logLevel ?? LogLevel.INFO,
  };
}
