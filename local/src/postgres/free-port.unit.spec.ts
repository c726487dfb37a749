import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { freePort, isFree } from './free-port';

describe('a free port', () => {
  const taken = createServer();
  let port: number;

  beforeAll(async () => {
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    ({ port } = taken.address() as AddressInfo);
  });

  afterAll(() => void taken.close());

  it('is not one that somebody listens on', async () => {
    await expect(isFree(port)).resolves.toBe(false);
  });

  it('is another one when the preferred one is taken', async () => {
    const found = await freePort(port);
    expect(found).not.toBe(port);
    await expect(isFree(found)).resolves.toBe(true);
  });

  it('is the preferred one when that is free', async () => {
    const preferred = await freePort();
    await expect(freePort(preferred)).resolves.toBe(preferred);
  });
});
