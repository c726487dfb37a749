import { eventLogFields } from '@emitter/event-log';
import { databaseFields, declareService, duration, integer, type ConfigValues } from '@emitter/kit';

const readModel = 'Read model';
const limits = 'Limits';

/** Every setting of the service, declared once: `--help`, the reference and the types come from here. */
export const destroyerConfig = declareService(
  'destroyer',
  {
    ...eventLogFields('destroyer'),
    ...databaseFields({
      doc: 'Where the read model is, which answers lists and watches.',
      user: 'destroyer',
      group: readModel,
    }),
    databaseConnections: integer({
      doc: 'Connections to the read model, at most; one more listens while somebody watches.',
      default: 8,
      min: 1,
      max: 100,
      group: readModel,
    }),
    publishTimeout: duration({
      doc: 'How long the event log may take before a caller hears UNAVAILABLE. Shorter where the caller says so.',
      default: '2500ms',
      min: '100ms',
      max: '1m',
      group: limits,
    }),
    maxCalls: integer({
      doc: 'Calls under way at once, at most; over it they are refused at once.',
      default: 512,
      min: 1,
      max: 100_000,
      group: limits,
    }),
    maxLists: integer({
      doc: 'Lists under way at once, at most; over it they are refused at once. Each holds up to 4 MiB.',
      default: 32,
      min: 1,
      max: 10_000,
      group: limits,
    }),
    maxStreams: integer({
      doc: 'Streams open at once, at most, watches among them.',
      default: 256,
      min: 1,
      max: 100_000,
      group: limits,
    }),
    maxUnanswered: integer({
      doc: 'Requests of one StreamAcquire without a reply, at most; then reading waits.',
      default: 64,
      min: 1,
      max: 10_000,
      group: limits,
    }),
    maxWatches: integer({
      doc: 'Watches open at once, at most; over it they are refused at once.',
      default: 100,
      min: 1,
      max: 10_000,
      group: limits,
    }),
    slowConsumer: duration({
      doc: 'How long a client may leave a message of a stream untaken before the stream is ended.',
      default: '30s',
      min: '100ms',
      max: '1h',
      group: limits,
    }),
  },
  {
    summary: 'Takes targets in over gRPC, appends them to the event log, and answers queries from the read model.',
    examples: ['destroyer --port 50051 --event-log-url postgres://127.0.0.1:5432/emitter'],
  },
);

/** The values of the settings; times in milliseconds. */
export type DestroyerConfig = ConfigValues<typeof destroyerConfig>;
