import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent, eventually, someEvents, type LogHarness, type MakeHarness } from './harness';
import { collect, Opened } from './opened';

/** The log goes away and comes back. */
export function outages(makeHarness: MakeHarness): void {
  describe('outages', () => {
    let harness: LogHarness;
    const opened = new Opened(() => harness);
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      harness.outage('back');
      await opened.closeAll();
    });
    afterAll(() => harness.remove());

    it.each(['gone', 'silent'] as const)('answers within 2 s while the log is %s, and recovers', async (kind) => {
      const publisher = opened.publisher();
      await publisher.publish(anEvent());
      harness.outage(kind);
      const event = anEvent();
      const began = performance.now();
      await expect(publisher.publish(event)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        details: { retryAfterMs: expect.any(Number) },
      });
      expect(performance.now() - began).toBeLessThan(2_000);
      const status = await publisher.check();
      expect(status).toMatchObject({ up: false, error: expect.stringMatching(/./) });
      harness.outage('back');
      await eventually(async () => (await publisher.check()).up, 'up again');
      // The outcome was unknown: the same event once more is one event.
      await publisher.publish(event);
      expect(await publisher.publish(event)).toBe(await publisher.publish(event));
    });

    it('gives up all that waits when the log is silent', async () => {
      const publisher = opened.publisher();
      harness.outage('silent');
      const began = performance.now();
      const outcomes = await Promise.allSettled(someEvents(1_200).map((event) => publisher.publish(event)));
      expect(performance.now() - began).toBeLessThan(2_500);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    });

    it('goes on after connections were cut, losing nothing', async () => {
      const publisher = opened.publisher();
      const got = collect(opened.subscriber(), 'cut');
      const acknowledged: string[] = [];
      for (let round = 0; round < 40; round++) {
        const events = someEvents(5);
        const outcomes = Promise.allSettled(events.map((event) => publisher.publish(event)));
        if (round % 10 === 5) {
          harness.cut();
        }
        (await outcomes).forEach(({ status }, i) => {
          if (status === 'fulfilled') {
            acknowledged.push(events[i]?.id ?? '');
          }
        });
      }
      await eventually(() => acknowledged.every((id) => got.ids().includes(id)), 'every acknowledged event');
      expect(acknowledged.length).toBeGreaterThan(150);
    });

    it.each(['gone', 'silent'] as const)('a subscription takes up where it was after the log was %s', async (kind) => {
      const publisher = opened.publisher();
      const got = collect(opened.subscriber(), `back from ${kind}`);
      const before = anEvent();
      await publisher.publish(before);
      await eventually(() => got.ids().includes(before.id), 'the event before');
      await eventually(async () => (await got.subscription.progress()).behind === 0, 'its acknowledgement');
      const handled = got.events.length;
      harness.outage(kind);
      harness.cut();
      await eventually(() => !got.subscription.active() && got.errors.length > 0, 'noticed', 10_000);
      harness.outage('back');
      const after = anEvent();
      await eventually(async () => (await publisher.check()).up, 'up again');
      await publisher.publish(after);
      await eventually(() => got.ids().includes(after.id), 'the event after', 20_000);
      expect(got.ids().slice(handled)).toEqual([after.id]);
    });

    it('tells a handler whose subscription lost the log, and delivers its batch again', async () => {
      const publisher = opened.publisher();
      const event = anEvent();
      let told = false;
      let tries = 0;
      const got = collect(opened.subscriber(), 'told', {
        before: async (batch, signal) => {
          if (batch.some(({ id }) => id === event.id) && ++tries === 1) {
            harness.cut();
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            told = true;
            throw new Error('given up');
          }
        },
      });
      await publisher.publish(event);
      await eventually(() => got.ids().includes(event.id), 'the event');
      expect(told).toBe(true);
      expect(tries).toBe(2);
    });

    it('can be opened and subscribed before the log is there', async () => {
      harness.outage('gone');
      const publisher = opened.publisher();
      const got = collect(opened.subscriber(), 'early');
      expect((await publisher.check()).up).toBe(false);
      await eventually(() => got.errors.length > 0, 'a failure');
      harness.outage('back');
      await eventually(async () => (await publisher.check()).up, 'up');
      const event = anEvent();
      await publisher.publish(event);
      await eventually(() => got.ids().includes(event.id), 'the event');
    });

    it('can be closed while the log is silent', async () => {
      const publisher = opened.publisher();
      const got = collect(opened.subscriber(), 'closed in silence');
      await eventually(() => got.subscription.active(), 'active');
      harness.outage('silent');
      const published = publisher.publish(anEvent());
      published.catch(() => undefined);
      await opened.closeAll();
      await expect(published).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });
  });
}
