import { PulsarError } from '../errors';

/** Where a connection goes. */
export interface Endpoint {
  host: string;
  port: number;
  tls: boolean;
  /** host:port of the broker that a proxy at `host` shall connect us to. */
  proxyTo?: string;
}

const DEFAULT_PORTS = { 'pulsar:': 6650, 'pulsar+ssl:': 6651 };

/**
 * `pulsar://a:6650,b:6650` or `pulsar+ssl://…` as endpoints; ports default to 6650 and 6651. Raises INVALID_URL.
 */
export function parseServiceUrl(url: string): [Endpoint, ...Endpoint[]] {
  const match = /^(pulsar(?:\+ssl)?:)\/\/([^/?#]+)\/?$/.exec(url);
  if (!match) throw new PulsarError('INVALID_URL', `${shown(url)} is not pulsar://host[:port][,…] or pulsar+ssl://…`);
  const scheme = match[1] as keyof typeof DEFAULT_PORTS;
  const endpoints = match[2]!.split(',').map((part): Endpoint => {
    // eslint-disable-next-line security/detect-unsafe-regex -- each part can match in one way only: linear
    const host = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(part);
    const port = host?.[2] === undefined ? DEFAULT_PORTS[scheme] : Number(host[2]);
    if (!host || port < 1 || port > 65_535)
      throw new PulsarError('INVALID_URL', `${shown(url)}: "${part}" is not host[:port]`);
    return { host: host[1]!.replace(/^\[|\]$/g, ''), port, tls: scheme === 'pulsar+ssl:' };
  });
  return endpoints as [Endpoint, ...Endpoint[]];
}

/** host:port of an endpoint, as people and the protocol write it. */
export function hostPort({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An endpoint as a URL, for events and messages. */
export function endpointUrl(endpoint: Endpoint): string {
  const via = endpoint.proxyTo === undefined ? '' : ` for ${endpoint.proxyTo}`;
  return `${endpoint.tls ? 'pulsar+ssl' : 'pulsar'}://${hostPort(endpoint)}${via}`;
}

// A URL with credentials in it is wrong anyway; what is shown leaves them out.
function shown(url: string): string {
  return `"${url.replace(/\/\/[^/@]*@/, '//…@')}"`;
}
