import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { PulsarError } from '../errors';
import type { Authentication } from './authentication';

/** How TLS connections are made; files are read again for each. */
export interface TlsSettings {
  trustCertsFile?: string | undefined;
  certificateFile?: string | undefined;
  privateKeyFile?: string | undefined;
  validateHostname: boolean;
  allowInsecure: boolean;
}

/**
 * Reads the files as they are now. Raises CERTIFICATE_UNREADABLE, and CERTIFICATE_EXPIRED for an own certificate
 * that has expired: the broker would only cut the connection, without saying why.
 */
export async function tlsOptions(settings: TlsSettings, authentication?: Authentication): Promise<ConnectionOptions> {
  const files = authentication?.certificateFiles;
  const certificate = files?.certificatePath ?? settings.certificateFile;
  const key = files?.privateKeyPath ?? settings.privateKeyFile;
  const [ca, cert, privateKey] = await Promise.all([read(settings.trustCertsFile), read(certificate), read(key)]);
  if (cert) checkExpiry(cert, certificate!);
  const options: ConnectionOptions = { rejectUnauthorized: !settings.allowInsecure, minVersion: 'TLSv1.2' };
  if (ca) options.ca = ca;
  if (cert) options.cert = cert;
  if (privateKey) options.key = privateKey;
  if (!settings.validateHostname) options.checkServerIdentity = () => undefined;
  return options;
}

async function read(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    throw new PulsarError('CERTIFICATE_UNREADABLE', `${path} cannot be read`, { cause, details: { file: path } });
  }
}

function checkExpiry(pem: Buffer, path: string): void {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(pem);
  } catch (cause) {
    throw new PulsarError('CERTIFICATE_UNREADABLE', `${path} is not a PEM certificate`, {
      cause,
      details: { file: path },
    });
  }
  if (Date.parse(parsed.validTo) < Date.now()) {
    throw new PulsarError('CERTIFICATE_EXPIRED', `the certificate in ${path} expired ${parsed.validTo}`, {
      details: { file: path },
    });
  }
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);

/** What a socket reports, as one of our errors. `phase`: before or after the connection was up. */
export function socketError(error: NodeJS.ErrnoException, url: string, phase: 'connecting' | 'open'): PulsarError {
  const code = error.code ?? '';
  const make = (ours: ConstructorParameters<typeof PulsarError>[0], text: string) =>
    new PulsarError(ours, `${url}: ${text}`, { cause: error, details: { url } });
  if (UNTRUSTED.has(code)) return make('UNTRUSTED_CERTIFICATE', `the broker's certificate is not trusted (${code})`);
  if (code === 'CERT_HAS_EXPIRED') return make('CERTIFICATE_EXPIRED', "the broker's certificate has expired");
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return make('HOSTNAME_MISMATCH', error.message);
  if (code.includes('ALERT_CERTIFICATE_EXPIRED'))
    return make('CERTIFICATE_EXPIRED', 'the broker says our certificate has expired');
  // With TLS 1.3 our side is done before the broker has looked at our certificate: an alert that comes then is about it,
  // whatever it says (a Pulsar 4.0 broker says "internal error" to a certificate of an unknown authority).
  if (code.includes('ALERT') && !code.includes('PROTOCOL_VERSION')) {
    return make('CERTIFICATE_REFUSED', `the broker refused our certificate, or wants one (${code})`);
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return make('NOT_PULSAR', 'no TLS is spoken there');
  }
  if (/PEM|ERR_OSSL|ERR_CRYPTO|KEY_VALUES_MISMATCH/.test(code)) return make('CERTIFICATE_UNREADABLE', error.message);
  if (phase === 'open') return make('CONNECTION_LOST', error.message);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return make('HOST_NOT_FOUND', `no such host (${code})`);
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return make('TLS_FAILED', error.message);
  return make('CONNECT_FAILED', error.message || code || 'not reachable');
}
