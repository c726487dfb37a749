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
