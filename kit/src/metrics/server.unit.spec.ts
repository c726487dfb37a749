import { connect } from 'node:net';
import { once } from 'node:events';
import { createLogger } from '../logging';
import { createMetrics } from './metrics';
import { startMetricsServer, type MetricsServer } from './server';

describe('the metrics server', () => {
  const metrics = createMetrics('destroyer', { processMetrics: false });
  const lines: string[] = [];
  const logger = createLogger({
    service: 'x',
    version: '1',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  let server: MetricsServer;

  beforeAll(async () => {
    metrics.counter({ name: 'emitter_targets_stored_total', help: 'x' }).inc();
    server = await startMetricsServer({ registry: metrics.registry, host: '127.0.0.1', port: 0, logger });
  });

  afterAll(() => server.close());

  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

  it('answers GET /metrics in the text format of Prometheus', async () => {
    const response = await ask('/metrics?x=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('emitter_targets_stored_total{service="destroyer"} 1');
  });

  it('answers HEAD without a body', async () => {
    const response = await ask('/metrics', 'HEAD');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('answers 404 elsewhere and 405 for other methods', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics/x')).status).toBe(404);
    const response = await ask('/metrics', 'POST');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers 500 without a detail when a metric cannot be collected, and logs why', async () => {
    const broken = createMetrics('x', { processMetrics: false });
    broken.gauge({
      name: 'emitter_lag_events',
      help: 'x',
      collect: () => {
        throw new Error('no lag today');
      },
    });
    const other = await startMetricsServer({ registry: broken.registry, host: '127.0.0.1', port: 0, logger });
    const quiet = await startMetricsServer({ registry: broken.registry, host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${other.port}/metrics`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('no lag today');
    expect(lines.join('')).toContain('no lag today');
    expect((await fetch(`http://127.0.0.1:${quiet.port}/metrics`)).status).toBe(500);
    await Promise.all([other.close(), quiet.close()]);
  });

  it('says which address is taken', async () => {
    await expect(
      startMetricsServer({ registry: metrics.registry, host: '127.0.0.1', port: server.port }),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `cannot listen for metrics on 127.0.0.1:${server.port}: another process listens there; choose another port, or 0 for any free one`,
    });
  });

  it('closes at once, though a client is connected and says nothing', async () => {
    const other = await startMetricsServer({ registry: metrics.registry, host: '127.0.0.1', port: 0 });
    const client = connect(other.port, '127.0.0.1');
    await once(client, 'connect');
    const closed = once(client, 'close');
    await other.close();
    await closed;
    await expect(fetch(`http://127.0.0.1:${other.port}/metrics`)).rejects.toThrow();
  });
});
