import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog, RecordedEvent } from '../event-log';
import { anEvent, someEvents, type LogHarness, type MakeHarness } from './harness';
import { Opened } from './opened';

/** Publishing and reading back. */
export function publishing(makeHarness: MakeHarness): void {
  describe('publishing', () => {
    let harness: LogHarness;
    const opened = new Opened(() => harness);
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterEach(() => opened.closeAll());
    afterAll(() => harness.remove());

    it('keeps an event as it was published, for whoever opens the log later', async () => {
      const event = anEvent({
        payload: Buffer.from([0, 1, 0xff, 0x5c, 0x78]),
        attributes: { ce_id: 'x', traceparent: '00-a "quoted", \\ {braced} ☄' },
      });
      const before = Date.now();
      const publisher = opened.publisher();
      const position = await publisher.publish(event);
      await publisher.close();
      const [found] = (await history(opened.subscriber())).filter(({ id }) => id === event.id);
      expect(found).toMatchObject({ position, id: event.id, attributes: event.attributes });
      expect(Buffer.from(found?.payload ?? [])).toEqual(event.payload);
      expect(found?.recordedOn.getTime()).toBeGreaterThan(before - 60_000);
      expect(found?.recordedOn.getTime()).toBeLessThan(Date.now() + 60_000);
    });

    it('takes an event again as the same one', async () => {
      const publisher = opened.publisher();
      const event = anEvent();
      const first = await publisher.publish(event);
      expect(await publisher.publish(event)).toBe(first);
      expect(await opened.publisher().publish(event)).toBe(first);
      expect((await history(opened.subscriber())).filter(({ id }) => id === event.id)).toHaveLength(1);
    });

    it('refuses other content under a known id, and keeps the first', async () => {
      const publisher = opened.publisher();
      const event = anEvent();
      await publisher.publish(event);
      const other = { ...event, contentHash: Buffer.from('other'), payload: Buffer.from('other') };
      await expect(publisher.publish(other)).rejects.toMatchObject({
        code: 'REQUEST_ID_CONFLICT',
        details: { requestId: event.id },
      });
      const [found] = (await history(opened.subscriber())).filter(({ id }) => id === event.id);
      expect(Buffer.from(found?.payload ?? [])).toEqual(event.payload);
    });

    it('tells retries and conflicts apart among events published at once', async () => {
      const publisher = opened.publisher();
      const [event, neighbour] = [anEvent(), anEvent()];
      const other = { ...event, contentHash: Buffer.from('other') };
      const outcomes = await Promise.allSettled(
        [event, other, neighbour, event].map((each) => publisher.publish(each)),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      expect(outcomes[3]).toEqual(outcomes[0]);
      expect(outcomes[1]).toMatchObject({ reason: { code: 'REQUEST_ID_CONFLICT' } });
    });

    it('publishes many at once, each under its own position', async () => {
      const events = someEvents(2_000);
      const publisher = opened.publisher();
      const positions = await Promise.all(events.map((event) => publisher.publish(event)));
      const found = new Map((await history(opened.subscriber())).map(({ id, position }) => [id, position]));
      expect(events.map(({ id }) => found.get(id))).toEqual(positions);
      expect(new Set(positions).size).toBe(events.length);
    });

    it('does not send an event whose caller has gone', async () => {
      const event = anEvent();
      await expect(opened.publisher().publish(event, AbortSignal.abort())).rejects.toMatchObject({
        code: 'DEADLINE_EXCEEDED',
      });
      expect((await history(opened.subscriber())).filter(({ id }) => id === event.id)).toEqual([]);
    });

    it('finishes what is being published when it is closed, and refuses what comes after', async () => {
      const publisher = opened.publisher();
      const events = someEvents(50);
      const published = Promise.all(events.map((event) => publisher.publish(event)));
      await publisher.close();
      await expect(published).resolves.toHaveLength(50);
      await expect(publisher.publish(anEvent())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });

    it('reads history from a checkpoint up to another', async () => {
      const publisher = opened.publisher();
      const log = opened.subscriber();
      const [before, wanted, after] = [someEvents(5), someEvents(7), someEvents(5)];
      await Promise.all(before.map((event) => publisher.publish(event)));
      const from = await log.head();
      await Promise.all(wanted.map((event) => publisher.publish(event)));
      const to = await publisher.head();
      await Promise.all(after.map((event) => publisher.publish(event)));
      const ids = async (events: AsyncIterable<RecordedEvent>) => (await all(events)).map(({ id }) => id).sort();
      expect(await ids(log.read(from, to))).toEqual(wanted.map(({ id }) => id).sort());
      expect(await ids(log.read(from))).toEqual([...wanted, ...after].map(({ id }) => id).sort());
      expect(await ids(log.read(await log.head()))).toEqual([]);
    });

    it('says that it is up, to each role', async () => {
      for (const log of [opened.publisher(), opened.subscriber()]) {
        const status = await log.check();
        expect(status).toEqual({ up: true, latencyMs: expect.any(Number) });
      }
    });
  });
}

async function history(log: EventLog): Promise<RecordedEvent[]> {
  return all(log.read());
}

async function all(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for await (const event of events) {
    found.push(event);
  }
  return found;
}
