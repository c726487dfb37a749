export { eventLogFields } from './config-fields';
export type {
  BatchHandler,
  Checkpoint,
  EventLog,
  OutgoingEvent,
  Position,
  Progress,
  RecordedEvent,
  SubscribeOptions,
  Subscription,
} from './event-log';
export { migrateConfig, type MigrateConfig } from './migrate-config';
export { openEventLog, type OpenEventLogOptions } from './open';
export { migrateEventLog, type MigrateEventLogOptions, type Role } from './postgres';
