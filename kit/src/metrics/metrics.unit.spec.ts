import { createMetrics } from './metrics';

describe('createMetrics', () => {
  it("has the process's own metrics, each with the service's name", async () => {
    const { registry } = createMetrics('destroyer');
    const text = await registry.metrics();
    expect(text).toMatch(/^process_cpu_user_seconds_total\{service="destroyer"\} /m);
    expect(text).toMatch(/^nodejs_heap_size_used_bytes\{service="destroyer"\} /m);
  });

  it('makes counters, gauges and histograms with typed labels', async () => {
    const metrics = createMetrics('destroyer', { processMetrics: false });
    metrics.counter({ name: 'emitter_targets_stored_total', help: 'x' }).inc(2);
    metrics.gauge({ name: 'emitter_streams_open', help: 'x', labelNames: ['method'] }).set({ method: 'Watch' }, 3);
    metrics.histogram({ name: 'emitter_batch_seconds', help: 'x', buckets: [1, 2] }).observe(1.5);
    metrics.histogram({ name: 'emitter_call_seconds', help: 'x' }).observe(0.002);
    metrics.gauge({ name: 'emitter_lag_events', help: 'x', collect: (gauge) => gauge.set(7) });
    const text = await metrics.registry.metrics();
    expect(text).toContain('emitter_targets_stored_total{service="destroyer"} 2');
    expect(text).toContain('emitter_streams_open{method="Watch",service="destroyer"} 3');
    expect(text).toContain('emitter_batch_seconds_bucket{le="1",service="destroyer"} 0');
    expect(text).toContain('emitter_batch_seconds_bucket{le="2",service="destroyer"} 1');
    expect(text).toContain('emitter_call_seconds_bucket{le="0.0025",service="destroyer"} 1');
    expect(text).toContain('emitter_lag_events{service="destroyer"} 7');
  });

  it('keeps services in one process apart', async () => {
    const one = createMetrics('one', { processMetrics: false });
    const other = createMetrics('other', { processMetrics: false });
    one.counter({ name: 'emitter_things_seen_total', help: 'x' });
    other.counter({ name: 'emitter_things_seen_total', help: 'x' });
    expect(await one.registry.metrics()).toContain('service="one"');
  });

  it.each([
    'targets_stored',
    'emitter_targets',
    'emitter_Targets_stored',
    'emitter_targets_',
    'emitter__x',
    'emitter_1_x',
  ])('refuses the name %s', (name) => {
    const metrics = createMetrics('x', { processMetrics: false });
    expect(() => metrics.gauge({ name, help: 'x' })).toThrow('must be named emitter_<thing>_<unit>');
  });

  it('refuses a counter without _total, and labels whose values have no bound', () => {
    const metrics = createMetrics('x', { processMetrics: false });
    expect(() => metrics.counter({ name: 'emitter_targets_stored', help: 'x' })).toThrow('must end in _total');
    expect(() => metrics.gauge({ name: 'emitter_targets_seen', help: 'x', labelNames: ['event_id'] })).toThrow(
      'no bound',
    );
  });
});
