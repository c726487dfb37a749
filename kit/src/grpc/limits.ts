import type { ServerOptions } from '@grpc/grpc-js';

/** What a gRPC server takes at most. Times are milliseconds, sizes bytes. */
export interface GrpcLimits {
  /** A request message, decompressed. Over it: RESOURCE_EXHAUSTED. */
  readonly maxReceiveBytes: number;
  /** Unary calls under way at once, over all connections, until their answer has left. Over it: OVERLOADED at once. */
  readonly maxConcurrentCalls: number;
  /** Streams open at once, over all connections. Over it: OVERLOADED at once. */
  readonly maxStreams: number;
  /** Calls of one connection at once; more wait in the client (HTTP/2 SETTINGS_MAX_CONCURRENT_STREAMS). */
  readonly maxConcurrentStreams: number;
  /** Connections at once. More are closed as soon as they are accepted. */
  readonly maxConnections: number;
  /** A connection that has not spoken HTTP/2 by then is closed. */
  readonly handshakeMs: number;
  /** How often a connection is pinged, and how long its answer may take before it is closed. */
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  /** A connection without a call for so long is closed. */
  readonly idleConnectionMs: number;
  /** How long a client may leave an answer or a stream's message untaken before its call is reset. */
  readonly slowConsumerMs: number;
  /** The deadline of a unary call whose caller gives none, and what a request may take to arrive. */
  readonly maxCallMs: number;
}

/** The limits where nothing else is said. */
export const defaultLimits: GrpcLimits = {
  maxReceiveBytes: 4 * 1024 * 1024,
  maxConcurrentCalls: 512,
  maxStreams: 256,
  maxConcurrentStreams: 1_000,
  maxConnections: 1_024,
  handshakeMs: 5_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  idleConnectionMs: 300_000,
  slowConsumerMs: 30_000,
  maxCallMs: 30_000,
};

/** The limits that grpc-js keeps itself. */
export function serverOptions(limits: GrpcLimits): ServerOptions {
  return {
    'grpc.max_receive_message_length': limits.maxReceiveBytes,
    'grpc.max_concurrent_streams': limits.maxConcurrentStreams,
    'grpc.keepalive_time_ms': limits.keepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.max_connection_idle_ms': limits.idleConnectionMs,
    // Its tables of every call and connection cost CPU, and nothing here reads them.
    'grpc.enable_channelz': 0,
  };
}
