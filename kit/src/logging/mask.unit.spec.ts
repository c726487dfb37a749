import fc from 'fast-check';
import { isSecretName, maskSecrets } from './mask';

describe('maskSecrets', () => {
  it.each([
    [
      'connect to postgres://destroyer:hunter2@db:5432/emitter failed',
      'connect to postgres://***@db:5432/emitter failed',
    ],
    ['postgres://u:p@hunter2/x@db/emitter', 'postgres://***@db/emitter'],
    ['https://hunter2@example.org and pulsar+ssl://a:hunter2@b', 'https://***@example.org and pulsar+ssl://***@b'],
    ['host=db password=hunter2 user=x', 'host=db password=*** user=x'],
    ["host=db password='hunter2 \\' hunter2' user=x", 'host=db password=*** user=x'],
    ['{"user":"x","password":"hunter2"}', '{"user":"x","password":***}'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
    ['password:      hunter2', 'password:      ***'],
    ['Authorization: Bearer hunter2.abc', 'Authorization: Bearer ***'],
    ['authorization: Basic aHVudGVyMg==', 'authorization: Basic ***'],
    ['authorization=hunter2', 'authorization=***'],
    ['VAULT_TOKEN=hvs.hunter2hunter2', 'VAULT_TOKEN=***'],
    ['got hvs.CAESIhunter2hunter2 back', 'got *** back'],
    ['jwt eyJhbGciOiJ.eyJzdWIiOiJ.hunter2 end', 'jwt *** end'],
    ['api_key: hunter2', 'api_key: ***'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nhunter2\n-----END RSA PRIVATE KEY-----',
      '*** RSA PRIVATE KEY-----',
    ],
    ['-----BEGIN PRIVATE KEY-----\nhunter2, cut', '***'],
  ])('masks %j', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });

  it.each([
    'password authentication failed for user "destroyer"',
    'postgres://db:5432/emitter',
    'https://example.org/a?b=c',
    'mail to someone@example.org',
    'the token is malformed',
    'listening on 127.0.0.1:50051',
  ])('leaves %j as it is', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('changes nothing more the second time', () => {
    const part = fc.constantFrom('password=', 'Bearer ', '://u:', 'x@h ', 'abcdefgh', ' ', '"', "'", ': ', 'token');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const once = maskSecrets(parts.join(''));
        expect(maskSecrets(once)).toBe(once);
      }),
    );
  });

  it('takes time in proportion to the length, whatever the text', () => {
    const texts = ['://', 'password=', 'password ', 'a@', "password='", '-----BEGIN PRIVATE KEY-----', 'eyJa.'];
    for (const text of texts) {
      const began = performance.now();
      maskSecrets(text.repeat(20_000));
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  });
});

describe('isSecretName', () => {
  it.each([
    'password',
    'databasePassword',
    'DATABASE_PASSWORD',
    'x-api-key',
    'accessToken',
    'key',
    'secret',
    'Authorization',
  ])('%s is one', (name) => expect(isSecretName(name)).toBe(true));
  it.each(['passwordFile', 'key_path', 'keyspace', 'monkey', 'message', 'author', 'log.level', ''])(
    '%p is none',
    (name) => expect(isSecretName(name)).toBe(false),
  );
});
