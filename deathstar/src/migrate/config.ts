import { boolean, databaseFields, declareConfig, flagOnly, oneOf, type ConfigValues } from '@emitter/kit';

/** The settings of `deathstar migrate`. */
export const migrateConfig = declareConfig(
  'deathstar migrate',
  {
    ...databaseFields({ doc: 'Where the read model is.', user: 'emitter_migrator', group: 'Read model' }),
    // Only as a flag: a variable DOWN that lies around must not undo a migration.
    down: flagOnly(boolean({ doc: 'Take the newest migration back, and what it holds with it.', default: false })),
    logLevel: oneOf(['debug', 'info', 'warn', 'error'], { doc: 'The least severe line to log.', default: 'info' }),
  },
  {
    summary: 'Brings the schema of the read model up to date; run it again at any time.',
    examples: ['deathstar migrate --database-url postgres://127.0.0.1:5432/emitter'],
  },
);

/** The values of the settings of `deathstar migrate`. */
export type MigrateConfig = ConfigValues<typeof migrateConfig>;
