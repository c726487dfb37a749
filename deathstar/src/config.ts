import { eventLogFields } from '@emitter/event-log';
import { databaseFields, declareService, duration, integer, optional, type ConfigValues } from '@emitter/kit';

const readModel = 'Read model';
const projection = 'Projection';

/** Every setting of the service, declared once: `--help`, the reference and the types come from here. */
export const deathstarConfig = declareService(
  'deathstar',
  {
    ...eventLogFields('deathstar'),
    ...databaseFields({
      doc: 'Where the read model is, into which events are projected.',
      user: 'deathstar',
      group: readModel,
    }),
    databaseConnections: integer({
      doc: 'Connections to the read model, at most.',
      default: 6,
      min: 3,
      max: 100,
      group: readModel,
    }),
    maxBatchEvents: integer({
      doc: 'Events stored in one transaction, at most.',
      default: 1_024,
      min: 1,
      max: 10_000,
      group: projection,
    }),
    maxBatchBytes: integer({
      doc: 'Bytes of payload stored in one transaction, at most; one larger event still goes, alone.',
      default: 4 * 1_024 * 1_024,
      min: 1_024,
      max: 64 * 1_024 * 1_024,
      group: projection,
    }),
    maxAttempts: integer({
      doc: 'How often an event that fails is tried before it is parked, the first time included.',
      default: 5,
      min: 1,
      max: 100,
      group: projection,
    }),
    firstRetry: duration({
      doc: 'How long after its first failure an event is tried again. Each later wait is four times as long, up to 1h.',
      default: '1s',
      min: '1ms',
      max: '1h',
      group: projection,
    }),
    retryInterval: duration({
      doc: 'How often to look for failed events that are due.',
      default: '1s',
      min: '10ms',
      max: '1m',
      group: projection,
    }),
    retention: optional(
      duration({
        doc: 'How long targets are kept. Older events are passed over, and whole months past it are dropped. Unless set, for ever.',
        min: '3d',
        max: '3650d',
        group: projection,
      }),
    ),
  },
  {
    summary: "Projects the event log's events into the read model and answers how far it is.",
    examples: ['deathstar --port 50051 --database-url postgres://127.0.0.1:5432/emitter --retention 365d'],
  },
);

/** The values of the settings; times in milliseconds. */
export type DeathstarConfig = ConfigValues<typeof deathstarConfig>;
