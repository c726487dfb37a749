import fc from 'fast-check';
import type { RecordedEvent } from '@emitter/event-log';
import { contentHash, decodeTargetsAcquired, newUlid } from '@emitter/proto';
import { acquiredMany, unreadable } from './support/events';
import { openReadModel, type ReadModel } from './support/read-model';

/** What is said, as small numbers: which of a few ids, and which content under it. */
interface Said {
  readonly id: number;
  readonly content: number;
}

const said = fc.record({ id: fc.integer({ min: 0, max: 4 }), content: fc.integer({ min: 0, max: 3 }) });
/** Batches, each redelivered as often as its number says. */
const deliveries = fc.array(
  fc.record({ batch: fc.array(fc.option(said), { maxLength: 8 }), times: fc.integer({ min: 1, max: 2 }) }),
  { maxLength: 6 },
);

describe('any sequence of batches, split in any way', () => {
  let model: ReadModel;
  beforeAll(async () => (model = await openReadModel()));
  afterAll(() => model.close());

  it('ends with the first content of each id stored once, and every other one parked', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (batches) => {
        await model.empty();
        const ids = Array.from({ length: 5 }, () => newUlid(Date.now()));
        const first = new Map<string, RecordedEvent>();
        const conflicts: RecordedEvent[] = [];
        const unread: RecordedEvent[] = [];
        for (const { batch, times } of batches) {
          const events = batch.map((one) => {
            const event = one === null ? unreadable() : event_(ids, one);
            const earlier = first.get(event.id);
            if (one === null) {
              unread.push(event);
            } else if (earlier === undefined) {
              first.set(event.id, event);
            } else if (!hashOf(earlier).equals(hashOf(event))) {
              conflicts.push(event);
            }
            return event;
          });
          for (let time = 0; time < times; time++) {
            await model.project(events);
          }
        }

        const expected = [...first.values()].flatMap(({ payload }) => decodeTargetsAcquired(payload).targets);
        const rows = await model.targets();
        expect(rows.map(({ id, message }) => ({ id, message }))).toEqual(
          expected.map(({ id, message }) => ({ id, message })).sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        const failed = await model.failed();
        const positions = (reason: string) =>
          failed.filter((row) => row.reason === reason).map(({ position }) => position);
        expect(positions('REQUEST_ID_CONFLICT')).toEqual(conflicts.map(({ position }) => position));
        expect(positions('PAYLOAD_INVALID')).toEqual(unread.map(({ position }) => position));
      }),
      { numRuns: 60 },
    );
  });
});

function event_(ids: readonly string[], { id, content }: Said): RecordedEvent {
  // Contents of 1, 2, 1 and 2 targets.
  return acquiredMany((content % 2) + 1, `content ${content}`, ids[id]);
}

function hashOf({ payload }: RecordedEvent): Buffer {
  return contentHash(decodeTargetsAcquired(payload).targets);
}
