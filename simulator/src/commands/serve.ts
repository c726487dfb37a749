import {
  createLogger,
  declareConfig,
  duration,
  integer,
  optional,
  port,
  runService,
  serviceFields,
  type ConfigValues,
} from '@emitter/kit';
import { startSimulator } from '../serve';
import { newSeed } from '../random';
import { connectionFields } from './connection';
import type { World } from './world';

const { host, logLevel, shutdownTimeout } = serviceFields;

export const serveConfig = declareConfig(
  'simulator serve',
  {
    every: duration({ doc: 'Time between two events.', default: '500ms', min: '1ms' }),
    seed: optional(integer({ doc: 'Repeats a run: the same targets. Default: a new one, which is logged.' })),
    ...connectionFields,
    host,
    // Any free port: on one machine the services have the usual ones.
    healthPort: port({ doc: 'The port for grpc.health.v1, status only.', default: 0, group: 'Network' }),
    metricsPort: port({ doc: 'The port for GET /metrics.', default: 0, group: 'Network' }),
    logLevel,
    shutdownTimeout,
  },
  {
    summary: 'Emits a random event with a random criticality every so often, until stopped.',
    examples: ['simulator serve --every 500ms', 'simulator serve --address destroyer-a:50051,destroyer-b:50051'],
    variablePrefix: 'EMITTER_',
  },
);

/** `simulator serve`: a service like the others, with readiness, metrics and a graceful end. */
export function serve(values: ConfigValues<typeof serveConfig>, version: string, world: World): Promise<number> {
  const { seed = newSeed(), logLevel: level, shutdownTimeout: shutdownTimeoutMs } = values;
  const logger = createLogger({ service: 'simulator', version, level, destination: world.stdout });
  return runService({
    logger,
    shutdownTimeoutMs,
    process: world.process,
    start: () =>
      startSimulator({
        addresses: values.address,
        timeoutMs: values.timeout,
        everyMs: values.every,
        seed,
        host: values.host,
        healthPort: values.healthPort,
        metricsPort: values.metricsPort,
        logger,
      }),
  });
}
