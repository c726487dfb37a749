import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog, OutgoingEvent } from '../event-log';
import { anEvent, eventually, someEvents, type LogHarness, type MakeHarness } from './harness';
import { collect, Opened } from './opened';

/** Delivery: order, redelivery, restart, several instances, closing. */
export function subscribing(makeHarness: MakeHarness): void {
  describe('subscribing', () => {
    let harness: LogHarness;
    const opened = new Opened(() => harness);
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterEach(() => opened.closeAll());
    afterAll(() => harness.remove());

    it('delivers every event from the beginning, in order, those to come too', async () => {
      const publisher = opened.publisher();
      const early = await publishInOrder(publisher, someEvents(30));
      const got = collect(opened.subscriber(), 'order');
      await eventually(() => got.ids().includes(early.at(-1) ?? ''), 'the early events');
      const late = await publishInOrder(publisher, someEvents(30));
      await eventually(() => got.ids().includes(late.at(-1) ?? ''), 'the late events');
      expect(got.ids().filter((id) => [...early, ...late].includes(id))).toEqual([...early, ...late]);
      expect(got.subscription.active()).toBe(true);
      expect(got.errors).toEqual([]);
    });

    it('keeps batches within their bounds; a larger event comes alone', async () => {
      const publisher = opened.publisher();
      const large = anEvent({ payload: Buffer.alloc(5_000, 1) });
      const events = [...someEvents(25), large, ...someEvents(5)];
      await publishInOrder(publisher, events);
      const got = collect(opened.subscriber(), 'bounds', { maxBatchEvents: 10, maxBatchBytes: 2_000 });
      await eventually(() => got.ids().includes(events.at(-1)?.id ?? ''), 'the last event');
      for (const batch of got.batches) {
        const bytes = batch.reduce((sum, { payload }) => sum + payload.length, 0);
        expect(batch.length).toBeLessThanOrEqual(10);
        expect(bytes <= 2_000 || batch.length === 1).toBe(true);
      }
      expect(got.batches.find((batch) => batch.some(({ id }) => id === large.id))).toHaveLength(1);
    });

    it('delivers a batch again when its handler rejects, until it resolves', async () => {
      const publisher = opened.publisher();
      const event = anEvent();
      let rejections = 0;
      const got = collect(opened.subscriber(), 'again', {
        before: (batch) => {
          if (batch.some(({ id }) => id === event.id) && rejections < 3) {
            rejections += 1;
            return Promise.reject(new Error(`no ${rejections}`));
          }
          return Promise.resolve();
        },
      });
      await publisher.publish(event);
      await eventually(() => got.ids().includes(event.id), 'the event');
      expect(rejections).toBe(3);
      expect(got.errors.map((error) => (error as Error).message)).toEqual(['no 1', 'no 2', 'no 3']);
      expect(got.ids().filter((id) => id === event.id)).toHaveLength(1);
    });

    it('goes on after what was handled when it is started again', async () => {
      const publisher = opened.publisher();
      const first = collect(opened.subscriber(), 'restart');
      const before = await publishInOrder(publisher, someEvents(10));
      await eventually(() => first.ids().includes(before.at(-1) ?? ''), 'the first ten');
      await first.subscription.close();
      expect(first.subscription.active()).toBe(false);
      const between = await publishInOrder(publisher, someEvents(10));
      const second = collect(opened.subscriber(), 'restart');
      await eventually(() => second.ids().includes(between.at(-1) ?? ''), 'the second ten');
      expect(second.ids()).toEqual(between);
    });

    it('finishes and acknowledges the batch under way when it is closed, and begins no other', async () => {
      const publisher = opened.publisher();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let calls = 0;
      const log = opened.subscriber();
      await publishInOrder(publisher, someEvents(3));
      const got = collect(log, 'busy', {
        maxBatchEvents: 1,
        before: () => {
          calls += 1;
          return held;
        },
      });
      await eventually(() => calls === 1, 'the handler');
      const closing = got.subscription.close();
      release();
      await closing;
      expect(calls).toBe(1);
      expect(
        (
          await opened
            .subscriber()
            .subscribe('busy-other', () => Promise.resolve(), batchOf(1))
            .progress()
        ).behind,
      ).toBeGreaterThan(0);
      const next = collect(opened.subscriber(), 'busy');
      await eventually(() => next.events.length > 0, 'the next');
      expect(next.ids()).not.toContain(got.ids()[0]);
    });

    it('gives up a handler that keeps rejecting when it is closed', async () => {
      await opened.publisher().publish(anEvent());
      const got = collect(opened.subscriber(), 'stubborn', { before: () => Promise.reject(new Error('never')) });
      await eventually(() => got.errors.length > 2, 'three tries');
      await got.subscription.close();
      expect(got.events).toEqual([]);
    });

    it('waits for a slow handler, and reads no further ahead than a batch', async () => {
      const publisher = opened.publisher();
      await publishInOrder(publisher, someEvents(20));
      let running = 0;
      let most = 0;
      const got = collect(opened.subscriber(), 'slow', {
        maxBatchEvents: 4,
        before: async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 20));
          running -= 1;
        },
      });
      await eventually(async () => (await got.subscription.progress()).behind === 0, 'everything acknowledged');
      expect(most).toBe(1);
      expect(new Set(got.ids()).size).toBe(got.events.length);
    });

    it('has one active instance; another takes over when it goes', async () => {
      const publisher = opened.publisher();
      const one = collect(opened.subscriber(), 'several');
      await eventually(() => one.subscription.active(), 'the first active');
      const two = collect(opened.subscriber(), 'several');
      const first = await publishInOrder(publisher, someEvents(10));
      await eventually(() => one.ids().includes(first.at(-1) ?? ''), 'the first ten');
      expect(two.subscription.active()).toBe(false);
      expect(two.events).toEqual([]);
      await one.subscription.close();
      const second = await publishInOrder(publisher, someEvents(10));
      await eventually(() => two.ids().includes(second.at(-1) ?? ''), 'the second ten');
      expect(two.subscription.active()).toBe(true);
      expect(two.ids()).toEqual(second);
    });

    it('keeps subscriptions of different names apart', async () => {
      const publisher = opened.publisher();
      const log = opened.subscriber();
      const [one, two] = [collect(log, 'apart-1'), collect(log, 'apart-2')];
      const [id] = await publishInOrder(publisher, [anEvent()]);
      await eventually(() => one.ids().includes(id ?? '') && two.ids().includes(id ?? ''), 'both');
      expect([one, two].map((each) => each.subscription.active())).toEqual([true, true]);
    });

    it('tells how far it is', async () => {
      const publisher = opened.publisher();
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const log = opened.subscriber();
      const got = collect(log, 'progress', { before: () => gate });
      await publishInOrder(publisher, someEvents(5));
      const before = await got.subscription.progress();
      expect(before.behind).toBeGreaterThanOrEqual(5);
      expect(before.head).toBe(await log.head());
      open();
      await eventually(async () => (await got.subscription.progress()).behind === 0, 'caught up');
      const after = await got.subscription.progress();
      expect(after.checkpoint).toBe(after.head);
    });
  });
}

function batchOf(maxBatchEvents: number) {
  return { maxBatchEvents, maxBatchBytes: 1024 };
}

/** Publishes one after another; returns the ids. */
async function publishInOrder(publisher: EventLog, events: readonly OutgoingEvent[]): Promise<string[]> {
  for (const event of events) {
    await publisher.publish(event);
  }
  return events.map(({ id }) => id);
}
