import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configureCommand, createLogger } from '@emitter/kit';
import { migrateConfig, type MigrateConfig } from './migrate-config';
import { migrateEventLog } from './postgres';

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
const chosen = configureCommand('event-log', { migrate: migrateConfig }, process, version);
if (chosen !== undefined) {
  void run(chosen.values);
}

async function run(values: MigrateConfig): Promise<void> {
  const logger = createLogger({ service: 'event-log', version, level: values.logLevel });
  const { eventLogUser: user, eventLogPassword: password } = values;
  try {
    const migrations = await migrateEventLog({
      url: values.eventLogUrl,
      login: password === undefined ? { user } : { user, password },
      direction: values.down ? 'down' : 'up',
      logger,
    });
    logger.info({ migrations }, 'the event log is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the event log could not be migrated');
    process.exitCode = 1;
  }
}
