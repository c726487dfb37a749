import { ChannelCredentials, type Client, type ClientOptions } from '@grpc/grpc-js';

/** A client class as ts-proto makes it. */
export type ClientConstructor<C extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => C;

export interface ConnectOptions {
  /** Default: none, plain text. */
  readonly credentials?: ChannelCredentials;
  /** The largest message taken, in bytes. Default: 8 MiB, twice the largest page. */
  readonly maxReceiveBytes?: number;
  /** How often a connection with calls on it is pinged, in milliseconds. Default: 30 s. */
  readonly keepaliveMs?: number;
}

/** Calls go round all addresses of a name, so that every replica gets its part. */
const SERVICE_CONFIG = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });

/**
 * A client for an address: `host:port`, or any that grpc-js resolves (`dns:///name:port`, `ipv4:a:1,b:2`). It
 * connects at the first call, and again by itself after a break; close it with its own `close()`. Calls are never
 * repeated by it, other than those that the server did not take in at all.
 */
export function connect<C extends Client>(
  Constructor: ClientConstructor<C>,
  address: string,
  options: ConnectOptions = {},
): C {
  return new Constructor(address, options.credentials ?? ChannelCredentials.createInsecure(), {
    'grpc.service_config': SERVICE_CONFIG,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
    'grpc.keepalive_time_ms': options.keepaliveMs ?? 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_receive_message_length': options.maxReceiveBytes ?? 8 * 1024 * 1024,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    // A server that is told to start listening soon after is found at once, not after the default second.
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    'grpc.enable_channelz': 0,
  });
}
