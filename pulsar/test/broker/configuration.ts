import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ports of one broker, all on 127.0.0.1. */
export interface Ports {
  plain: number;
  tls: number;
  admin: number;
  bookie: number;
}
/** Files for TLS, and for authentication and authorisation if that is on. */
export interface Security {
  ca: string;
  certificatePath: string;
  privateKeyPath: string;
  authorization?: { secretFile: string; adminToken: string };
}

/** Writes the configuration of a standalone broker; `extra` are further settings of `standalone.conf`. */
export function writeConfiguration(
  home: string,
  folder: string,
  ports: Ports,
  security: Security,
  extra: Record<string, string>,
): string {
  const settings: Record<string, string> = {
    brokerServicePort: String(ports.plain),
    brokerServicePortTls: String(ports.tls),
    webServicePort: String(ports.admin),
    bindAddress: '127.0.0.1',
    // A broker has one or the other.
    ...('advertisedListeners' in extra ? { advertisedAddress: '' } : { advertisedAddress: 'localhost' }),
    tlsEnabled: 'true',
    tlsCertificateFilePath: security.certificatePath,
    tlsKeyFilePath: security.privateKeyPath,
    tlsTrustCertsFilePath: security.ca,
    acknowledgmentAtBatchIndexLevelEnabled: 'true',
    // What the tests do not need, and a small heap does not want.
    transactionCoordinatorEnabled: 'false',
    loadBalancerEnabled: 'false',
    managedLedgerCacheSizeMB: '32',
    numIOThreads: '2',
    numHttpServerThreads: '8',
    dbStorage_writeCacheMaxSizeMb: '32',
    dbStorage_readAheadCacheMaxSizeMb: '32',
    dbStorage_rocksDB_blockCacheSize: '8388608',
    // A consumer of another process that was killed is noticed soon.
    keepAliveIntervalSeconds: '5',
    // How long it keeps a producer's name for a connection that has gone silent when the producer comes back on another.
    connectionLivenessCheckTimeoutMillis: '1000',
    ...(security.authorization && authorization(security.authorization)),
    ...extra,
  };
  const known = readFileSync(join(home, 'conf/standalone.conf'), 'utf8')
    .split('\n')
    .filter((line) => !(line.split('=')[0]!.trim() in settings));
  const own = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const path = join(folder, 'standalone.conf');
  writeFileSync(path, [...known, ...own, ''].join('\n'));
  return path;
}

function authorization({ secretFile, adminToken }: { secretFile: string; adminToken: string }): Record<string, string> {
  const broker = 'org.apache.pulsar.broker.authentication.AuthenticationProvider';
  return {
    authenticationEnabled: 'true',
    authorizationEnabled: 'true',
    authenticationProviders: `${broker}Tls,${broker}Token`,
    tokenSecretKey: `file://${secretFile}`,
    superUserRoles: 'admin',
    tlsRequireTrustedClientCertOnConnect: 'false',
    authenticationRefreshCheckSeconds: '2',
    brokerClientAuthenticationPlugin: 'org.apache.pulsar.client.impl.auth.AuthenticationToken',
    brokerClientAuthenticationParameters: `token:${adminToken}`,
  };
}
