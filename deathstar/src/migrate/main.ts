import { join } from 'node:path';
import { configureCommand, createLogger, loginOf, packageVersion } from '@emitter/kit';
import { migrateReadModel } from '../read-model';
import { migrateConfig, type MigrateConfig } from './config';

const version = packageVersion(join(__dirname, '../..'));
const chosen = configureCommand('deathstar', { migrate: migrateConfig }, process, version);
if (chosen !== undefined) {
  void run(chosen.values);
}

async function run(values: MigrateConfig): Promise<void> {
  const logger = createLogger({ service: 'deathstar', version, level: values.logLevel });
  try {
    const migrations = await migrateReadModel({
      url: values.databaseUrl,
      login: loginOf(values.databaseUser, values.databasePassword),
      direction: values.down ? 'down' : 'up',
      logger,
    });
    logger.info({ migrations }, 'the read model is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the read model could not be migrated');
    process.exitCode = 1;
  }
}
