export type { Role } from './check';
export { eventLogMigrations, migrateEventLog, type MigrateEventLogOptions } from './migrations';
export { PostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log';
export type { GroupCommitLimits } from './publish';
