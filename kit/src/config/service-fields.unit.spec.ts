import { text } from './fields';
import { loadConfig } from './load';
import { isLoopback } from '../grpc/address';
import { declareService, type ServiceConfig } from './service-fields';

const declaration = declareService('destroyer', { zone: text({ doc: 'Where.', default: 'a' }) });

function load(...argv: string[]) {
  const readFile = () => '';
  const loaded = loadConfig(declaration, { argv, env: {}, readFile });
  return loaded.kind === 'values' ? loaded.values : undefined;
}

describe('declareService', () => {
  it("adds every service's settings to its own", () => {
    const values: (ServiceConfig & { zone: string }) | undefined = load();
    expect(values).toEqual({
      zone: 'a',
      host: '127.0.0.1',
      port: 50_051,
      healthPort: 50_052,
      metricsPort: 9_464,
      allowInsecure: false,
      reflection: true,
      logLevel: 'info',
      shutdownTimeout: 10_000,
    });
  });

  it('refuses to listen beyond loopback without TLS unless told to', () => {
    expect(() => load('--host', '0.0.0.0')).toThrow('--host must be a loopback address');
    expect(load('--host', '0.0.0.0', '--allow-insecure')?.host).toBe('0.0.0.0');
  });

  it('keeps the ports apart, unless any free one is taken', () => {
    expect(() => load('--health-port', '50051')).toThrow('--health-port must differ from the port for calls, 50051');
    expect(() => load('--metrics-port', '50051')).toThrow('--metrics-port must differ');
    expect(() => load('--metrics-port', '50052')).toThrow('--metrics-port must differ');
    expect(load('--port', '0', '--health-port', '0', '--metrics-port', '0')?.port).toBe(0);
  });

  it('applies the rules of the service as well', () => {
    const strict = declareService('x', {}, { checks: [() => [{ field: 'host', problem: 'is never right' }]] });
    expect(() => loadConfig(strict, { argv: [], env: {}, readFile: () => '' })).toThrow('HOST is never right');
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'example.org'])('%s is not', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
