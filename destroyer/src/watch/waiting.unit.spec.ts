import { growing, Pause } from './pause';
import { Waiting } from './waiting';

describe('waiting', () => {
  it('ends for all at the next wake', async () => {
    const waiting = new Waiting();
    const { signal } = new AbortController();
    const both = Promise.all([waiting.next([signal]), waiting.next([signal])]);
    waiting.wake();
    await expect(both).resolves.toEqual([undefined, undefined]);
  });

  it('ends with the reason of a signal, also of one that aborted before', async () => {
    const waiting = new Waiting();
    const [first, second] = [new AbortController(), new AbortController()];
    const waited = waiting.next([first.signal, second.signal]);
    second.abort(new Error('enough'));
    await expect(waited).rejects.toThrow('enough');
    await expect(waiting.next([first.signal, second.signal])).rejects.toThrow('enough');
  });
});

describe('a pause', () => {
  it('ends early, also when it was ended before it began', async () => {
    const pause = new Pause();
    const begun = pause.begin(60_000);
    pause.end();
    await begun;
    pause.end();
    await expect(pause.begin(60_000)).resolves.toBeUndefined();
  });

  it('grows up to its bound', () => {
    expect([1, 2, 3, 4, 5, 100].map((nth) => growing({ min: 5, max: 50 }, nth))).toEqual([5, 10, 20, 40, 50, 50]);
  });
});
