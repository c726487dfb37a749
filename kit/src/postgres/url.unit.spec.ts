import { parseDatabaseUrl } from './url';

describe('the database URL', () => {
  it.each([
    ['postgres://db.example:6543/emitter', { host: 'db.example', port: 6543, database: 'emitter' }],
    ['postgresql://127.0.0.1/a%20b', { host: '127.0.0.1', port: 5432, database: 'a b' }],
    ['postgres://[::1]:5432/emitter', { host: '::1', port: 5432, database: 'emitter' }],
    ['postgres://me@localhost/emitter', { host: 'localhost', port: 5432, database: 'emitter' }],
    ['postgres:///emitter?host=/run/postgresql', { host: '/run/postgresql', port: 5432, database: 'emitter' }],
  ])('%s is read', (url, address) => {
    expect(parseDatabaseUrl(url, 'me')).toEqual(address);
  });

  it.each([
    ['nonsense', /is not postgres/],
    ['mysql://h/d', /is not postgres/],
    ['postgres://me:hunter2@h/d', /holds a password/],
    ['postgres://you@h/d', /names another user/],
    ['postgres://h', /must name a host and a database/],
    ['postgres://h/d/e', /must name a host and a database/],
    ['postgres:///d', /must name a host and a database/],
    ['postgres://h/d?sslmode=disable', /not known: sslmode/],
  ])('%s is refused', (url, problem) => {
    expect(() => parseDatabaseUrl(url, 'me')).toThrow(problem);
    expect(() => parseDatabaseUrl(url, 'me')).not.toThrow(/hunter2/);
  });
});
