import {
  boolean,
  declareConfig,
  flagOnly,
  oneOf,
  optional,
  secretFile,
  text,
  url,
  type ConfigValues,
} from '@emitter/kit';

/** The settings of `event-log migrate`. */
export const migrateConfig = declareConfig(
  'event-log migrate',
  {
    eventLogUrl: url({
      doc: 'Where the event log is.',
      schemes: ['postgres', 'postgresql'],
      default: 'postgres://127.0.0.1:5432/emitter',
    }),
    eventLogUser: text({
      doc: 'Who to log in as: a member of the role emitter_owner.',
      default: 'emitter_migrator',
    }),
    eventLogPassword: optional(secretFile({ doc: 'The password of that login.' })),
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
