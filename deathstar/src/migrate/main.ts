import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configureCommand, createLogger } from '@emitter/kit';
import { migrateReadModel } from '../read-model';
import { migrateConfig, type MigrateConfig } from './config';

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
const chosen = configureCommand('deathstar', { migrate: migrateConfig }, process, version);
if (chosen !== undefined) {
  void run(chosen.values);
}

async function run(values: MigrateConfig): Promise<void> {
  const logger = createLogger({ service: 'deathstar', version, level: values.logLevel });
  const { databaseUser: user, databasePassword: password } = values;
  try {
    const migrations = await migrateReadModel({
      url: values.databaseUrl,
      login: password === undefined ? { user } : { user, password },
      direction: values.down ? 'down' : 'up',
      logger,
    });
    logger.info({ migrations }, 'the read model is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the read model could not be migrated');
    process.exitCode = 1;
  }
}
