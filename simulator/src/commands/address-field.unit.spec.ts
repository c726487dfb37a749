import { address } from './address-field';

describe('an address', () => {
  it.each(['127.0.0.1:1', 'localhost:65535', '[::1]:50051', 'dns:///destroyer:50051'])('takes %s', (text) => {
    expect(address({ doc: '' }).read(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['http://localhost:50051', 'must be host:port, without http://'],
    ['HTTPS://localhost:50051/', 'must be host:port, without HTTPS://'],
    ['localhost:65536', 'must be host:port, with a port of 1 to 65535, not 65536'],
    ['localhost:0', 'must be host:port, with a port of 1 to 65535, not 0'],
    ['localhost', 'must be host:port, not "localhost"'],
    [':50051', 'must be host:port, not ":50051"'],
    ['localhost:50051/', 'must be host:port, not "localhost:50051/"'],
    ['', 'must be host:port, not empty'],
  ])('refuses %p', (text, problem) => {
    expect(address({ doc: '' }).read(text)).toMatchObject({ ok: false, problem });
  });
});
