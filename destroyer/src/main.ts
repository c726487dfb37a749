import { join } from 'node:path';
import { openEventLog } from '@emitter/event-log';
import {
  configure,
  createLogger,
  createMetrics,
  createPostgres,
  fixedCredential,
  loginOf,
  packageVersion,
  runService,
} from '@emitter/kit';
import { destroyerConfig, type DestroyerConfig } from './config';
import { startDestroyer } from './service';

const version = packageVersion(join(__dirname, '..'));
const config = configure(destroyerConfig, process, version);
if (config !== undefined) {
  void run(config);
}

function run(values: DestroyerConfig): Promise<number> {
  const logger = createLogger({ service: 'destroyer', version, level: values.logLevel });
  const metrics = createMetrics('destroyer');
  return runService({
    logger,
    shutdownTimeoutMs: values.shutdownTimeout,
    start: () =>
      startDestroyer({
        config: values,
        version,
        eventLog: openEventLog({
          url: values.eventLogUrl,
          login: fixedCredential(loginOf(values.eventLogUser, values.eventLogPassword)),
          role: 'publisher',
          logger,
          metrics,
        }),
        postgres: createPostgres({
          url: values.databaseUrl,
          login: fixedCredential(loginOf(values.databaseUser, values.databasePassword)),
          applicationName: 'destroyer',
          maxConnections: values.databaseConnections,
        }),
        logger,
        metrics,
      }),
  });
}
