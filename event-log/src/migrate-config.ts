import { boolean, declareConfig, flagOnly, oneOf, type ConfigValues } from '@emitter/kit';
import { eventLogFields } from './config-fields';

/** The settings of `event-log migrate`. */
export const migrateConfig = declareConfig(
  'event-log migrate',
  {
    ...eventLogFields('emitter_migrator'),
    // Only as a flag: a variable DOWN that lies around must not undo a migration.
    down: flagOnly(boolean({ doc: 'Take the newest migration back, and what it holds with it.', default: false })),
    logLevel: oneOf(['debug', 'info', 'warn', 'error'], { doc: 'The least severe line to log.', default: 'info' }),
  },
  {
    summary: 'Brings the schema of the embedded event log up to date; run it again at any time.',
    examples: ['event-log migrate --event-log-url postgres://127.0.0.1:5432/emitter'],
  },
);

export type MigrateConfig = ConfigValues<typeof migrateConfig>;
