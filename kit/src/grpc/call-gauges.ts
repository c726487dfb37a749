import type { Metrics } from '../metrics';
import type { CallRegister } from './call-register';
import type { Listener } from './listener';

/** Gauges that are read when they are asked for, so that they cost a call nothing. */
export function gaugeOpen(metrics: Metrics, calls: CallRegister, listener: Listener): void {
  metrics.gauge({
    name: 'emitter_grpc_calls_in_flight',
    help: 'Calls under way, by kind: unary, stream.',
    labelNames: ['kind'],
    collect(gauge) {
      gauge.set({ kind: 'unary' }, calls.size('unary'));
      gauge.set({ kind: 'stream' }, calls.size('stream'));
    },
  });
  metrics.gauge({
    name: 'emitter_grpc_connections',
    help: 'Connections open on the API port.',
    collect: (gauge) => gauge.set(listener.connections()),
  });
}
