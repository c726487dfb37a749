import * as net from 'node:net';
import * as tls from 'node:tls';
import { PulsarError } from '../errors';
import type { Authentication } from './authentication';
import { endpointUrl, type Endpoint } from './service-url';
import { socketError, tlsOptions, type TlsSettings } from './tls';

/** Opens a socket, with TLS when the endpoint has it. Raises the errors of `socketError`, and CONNECT_TIMEOUT. */
export async function openSocket(
  endpoint: Endpoint,
  settings: { tls: TlsSettings; authentication?: Authentication | undefined; connectionTimeoutMs: number },
): Promise<net.Socket> {
  const { host, port } = endpoint;
  const url = endpointUrl(endpoint);
  const secure = endpoint.tls ? await tlsOptions(settings.tls, settings.authentication) : undefined;
  return new Promise((resolve, reject) => {
    let socket: net.Socket;
    try {
      const servername = net.isIP(host) ? {} : { servername: host };
      socket = secure ? tls.connect({ host, port, ...servername, ...secure }) : net.connect({ host, port });
    } catch (error) {
      // Node parses key and certificate here.
      reject(new PulsarError('CERTIFICATE_UNREADABLE', (error as Error).message, { cause: error, details: { url } }));
      return;
    }
    socket.setNoDelay(true);
    const fail = (error: PulsarError): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // What the socket still has to say about itself is of no interest any more, but must not crash the process.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new PulsarError('CONNECT_TIMEOUT', `${url} did not answer`, { details: { url } })),
      settings.connectionTimeoutMs,
    );
    socket.once('error', (error) => fail(socketError(error, url, 'connecting')));
    socket.once('close', () =>
      fail(new PulsarError('NOT_PULSAR', `${url} closed the connection at once`, { details: { url } })),
    );
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      resolve(socket);
    });
  });
}
