export {
  createMetrics,
  secondsBuckets,
  type Counter,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type MetricOptions,
  type Metrics,
  type Registry,
} from './metrics';
export { startMetricsServer, type MetricsServer, type MetricsServerOptions } from './server';
