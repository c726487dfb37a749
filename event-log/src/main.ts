import { join } from 'node:path';
import { configureCommand, createLogger, loginOf, packageVersion } from '@emitter/kit';
import { migrateConfig, type MigrateConfig } from './migrate-config';
import { migrateEventLog } from './postgres';

const version = packageVersion(join(__dirname, '..'));
const chosen = configureCommand('event-log', { migrate: migrateConfig }, process, version);
if (chosen !== undefined) {
  void run(chosen.values);
}

async function run(values: MigrateConfig): Promise<void> {
  const logger = createLogger({ service: 'event-log', version, level: values.logLevel });
  try {
    const migrations = await migrateEventLog({
      url: values.eventLogUrl,
      login: loginOf(values.eventLogUser, values.eventLogPassword),
      direction: values.down ? 'down' : 'up',
      logger,
    });
    logger.info({ migrations }, 'the event log is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the event log could not be migrated');
    process.exitCode = 1;
  }
}
