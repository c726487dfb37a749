import { createMetrics } from '@emitter/kit';
import { appendMetrics } from './metrics';

describe('metrics of appends', () => {
  it('count sizes and outcomes, and tell how many events wait', async () => {
    const metrics = createMetrics('test', { processMetrics: false });
    const observe = appendMetrics(metrics, () => 7);
    observe({ events: 3, seconds: 0.002, failed: false });
    observe({ events: 1, seconds: 2, failed: true });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/emitter_event_log_append_duration_seconds_count\{.*outcome="ok".*\} 1/);
    expect(text).toMatch(/emitter_event_log_append_duration_seconds_sum\{.*outcome="failed".*\} 2/);
    expect(text).toMatch(/emitter_event_log_append_size_events_sum\{.*\} 4/);
    expect(text).toMatch(/emitter_event_log_waiting_events\{.*\} 7/);
  });
});
