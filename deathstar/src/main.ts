import { join } from 'node:path';
import { openEventLog } from '@emitter/event-log';
import {
  configure,
  createLogger,
  createMetrics,
  fixedCredential,
  loginOf,
  packageVersion,
  runService,
} from '@emitter/kit';
import { deathstarConfig, type DeathstarConfig } from './config';
import { openReadModel } from './read-model';
import { startDeathstar } from './service';

const version = packageVersion(join(__dirname, '..'));
const config = configure(deathstarConfig, process, version);
if (config !== undefined) {
  void run(config);
}

function run(values: DeathstarConfig): Promise<number> {
  const logger = createLogger({ service: 'deathstar', version, level: values.logLevel });
  const metrics = createMetrics('deathstar');
  return runService({
    logger,
    shutdownTimeoutMs: values.shutdownTimeout,
    start: () =>
      startDeathstar({
        config: values,
        version,
        eventLog: openEventLog({
          url: values.eventLogUrl,
          login: fixedCredential(loginOf(values.eventLogUser, values.eventLogPassword)),
          role: 'subscriber',
          applicationName: 'deathstar',
          logger,
          metrics,
        }),
        postgres: openReadModel({
          url: values.databaseUrl,
          login: fixedCredential(loginOf(values.databaseUser, values.databasePassword)),
          maxConnections: values.databaseConnections,
        }),
        logger,
        metrics,
      }),
  });
}
