import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export { type Counter, type Gauge, type Histogram, type Registry } from 'prom-client';

export interface MetricOptions<L extends string> {
  /** `emitter_<thing>_<unit>`, in lower case; a counter ends in `_total`. */
  readonly name: string;
  /** What it counts or measures, with its unit. */
  readonly help: string;
  /** Labels of few values, known beforehand: never an id, a message or a peer. */
  readonly labelNames?: readonly L[];
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** The upper bounds, in the metric's unit and rising; those for seconds from 1 ms to 30 s unless given. */
  readonly buckets?: readonly number[];
}

/** A gauge read when the metrics are asked for, instead of being set. */
export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

/** A service's metrics, in a registry of their own. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(options: MetricOptions<L>): Counter<L>;
  gauge<L extends string = never>(options: GaugeOptions<L>): Gauge<L>;
  histogram<L extends string = never>(options: HistogramOptions<L>): Histogram<L>;
}

/** Seconds, from 1 ms to 30 s. */
export const secondsBuckets: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Labels whose values have no bound: each value would be a time series for ever. */
const unboundedLabels = ['id', 'event_id', 'message', 'peer', 'request_id', 'source', 'target_id', 'trace_id'];

/**
 * Makes a registry with the process's own metrics (`process_…`, `nodejs_…`) and a default label `service`.
 *
 * A name that breaks the rules of `MetricOptions` is a TypeError: a mistake in the program.
 */
export function createMetrics(service: string, { processMetrics = true } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (processMetrics) {
    collectDefaultMetrics({ register: registry });
  }
  return {
    registry,
    counter: (options) => {
      if (!options.name.endsWith('_total')) {
        throw new TypeError(`the counter ${options.name} must end in _total`);
      }
      return new Counter(checked(options, registry));
    },
    gauge: <L extends string>({ collect, ...options }: GaugeOptions<L>) =>
      new Gauge<L>({
        ...checked(options, registry),
        ...(collect === undefined
          ? {}
          : {
              collect(this: Gauge<L>) {
                return collect(this);
              },
            }),
      }),
    histogram: ({ buckets = secondsBuckets, ...options }) =>
      new Histogram({ ...checked(options, registry), buckets: [...buckets] }),
  };
}

interface CheckedOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: L[];
  readonly registers: Registry[];
}

function checked<L extends string>(
  { name, help, labelNames = [] }: MetricOptions<L>,
  registry: Registry,
): CheckedOptions<L> {
  if (!/^emitter_[a-z][a-z0-9]*_[a-z][a-z0-9_]*[a-z0-9]$/.test(name)) {
    throw new TypeError(`the metric ${name} must be named emitter_<thing>_<unit>, in lower case`);
  }
  const unbounded = labelNames.find((label) => unboundedLabels.includes(label));
  if (unbounded !== undefined) {
    throw new TypeError(`the metric ${name} has the label ${unbounded}, whose values have no bound`);
  }
  return { name, help, labelNames: [...labelNames], registers: [registry] };
}
