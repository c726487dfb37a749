import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverError } from '../wire/server-error';
import { AuthenticationTls, AuthenticationToken } from './authentication';
import { BackOff } from './back-off';
import { endpointUrl, hostPort, parseServiceUrl } from './service-url';
import { socketError, tlsOptions } from './tls';

test.each([
  ['pulsar://a', [{ host: 'a', port: 6650, tls: false }]],
  [
    'pulsar+ssl://a,b:1/',
    [
      { host: 'a', port: 6651, tls: true },
      { host: 'b', port: 1, tls: true },
    ],
  ],
  ['pulsar://[::1]:7', [{ host: '::1', port: 7, tls: false }]],
])('%s', (url, endpoints) => {
  expect(parseServiceUrl(url)).toEqual(endpoints);
});

test('endpoints as text', () => {
  const [endpoint] = parseServiceUrl('pulsar+ssl://[::1]:7');
  expect(hostPort(endpoint)).toBe('[::1]:7');
  expect(endpointUrl({ ...endpoint, proxyTo: 'b:1' })).toBe('pulsar+ssl://[::1]:7 for b:1');
});

test('a URL with a password in it is refused without showing it', () => {
  expect(() => parseServiceUrl('pulsar://user:secret@host')).toThrow(expect.not.stringContaining('secret') as string);
});

test('waiting times double to a bound, shortened by up to half, and start again after a success', () => {
  const slow = new BackOff(100, 350, () => 0);
  expect([1, 2, 3, 4].map(() => slow.nextDelay())).toEqual([100, 200, 350, 350]);
  slow.reset();
  expect(slow.nextDelay()).toBe(100);
  expect(new BackOff(100, 350, () => 1).nextDelay()).toBe(50);
});

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNTRUSTED_CERTIFICATE'],
  ['CERT_HAS_EXPIRED', 'CERTIFICATE_EXPIRED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'CERTIFICATE_EXPIRED'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CERTIFICATE_REFUSED'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS_FAILED'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'NOT_PULSAR'],
  ['ERR_OSSL_PEM_NO_START_LINE', 'CERTIFICATE_UNREADABLE'],
  ['ENOTFOUND', 'HOST_NOT_FOUND'],
  ['ECONNREFUSED', 'CONNECT_FAILED'],
])('%s is %s', (code, ours) => {
  const error = Object.assign(new Error('x'), { code });
  expect(socketError(error, 'url', 'connecting')).toMatchObject({ code: ours, cause: error });
});

test('once open, a socket’s errors are a lost connection', () => {
  expect(socketError(Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'url', 'open').code).toBe(
    'CONNECTION_LOST',
  );
});

test.each([
  [18, 'no fit', 'INCOMPATIBLE_SCHEMA'],
  [18, 'Producers cannot connect or send message without a schema to topics with a schema', 'SCHEMA_REQUIRED'],
  [99, 'new', 'BROKER_ERROR'],
])('the broker’s error %d (%s) is %s', (number, text, code) => {
  expect(serverError(number, text)).toMatchObject({ code, retryable: code === 'BROKER_ERROR' });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pulsar-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file.pem');
  const settings = { validateHostname: false, allowInsecure: true };

  test('are read each time; what is no certificate is told with its name', async () => {
    expect(await tlsOptions(settings)).toMatchObject({ rejectUnauthorized: false });
    writeFileSync(path, 'one');
    expect((await tlsOptions({ ...settings, trustCertsFile: path })).ca?.toString()).toBe('one');
    writeFileSync(path, 'two');
    expect((await tlsOptions({ ...settings, trustCertsFile: path })).ca?.toString()).toBe('two');
    const authentication = new AuthenticationTls({ certificatePath: path, privateKeyPath: path });
    expect(await authentication.credentials()).toHaveLength(0);
    await expect(tlsOptions(settings, authentication)).rejects.toMatchObject({
      code: 'CERTIFICATE_UNREADABLE',
      details: { file: path },
    });
    await expect(tlsOptions({ ...settings, trustCertsFile: `${path}.not` })).rejects.toMatchObject({
      code: 'CERTIFICATE_UNREADABLE',
    });
  });

  test('tokens: trimmed, never empty', async () => {
    writeFileSync(path, ' token\n');
    expect(Buffer.from(await new AuthenticationToken({ tokenFile: path }).credentials()).toString()).toBe('token');
    await expect(new AuthenticationToken({ token: '' }).credentials()).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    });
    await expect(new AuthenticationToken({ tokenFile: '/nowhere' }).credentials()).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    });
  });
});
