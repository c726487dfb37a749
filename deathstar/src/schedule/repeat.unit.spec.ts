import { repeat } from './repeat';

describe('repeated work', () => {
  it('is done at once and again, and not after it is closed', async () => {
    let rounds = 0;
    let third = (): void => undefined;
    const done = new Promise<void>((resolve) => (third = resolve));
    const repetition = repeat(() => {
      rounds += 1;
      if (rounds === 3) {
        third();
      }
      return Promise.resolve(rounds < 3 ? 0 : 3_600_000);
    });
    await done;
    // It does not wait for the hour.
    await repetition.close();
    expect(rounds).toBe(3);
  });

  it('is finished, not cut off, when it is closed in its middle', async () => {
    let finish = (): void => undefined;
    let aborted = false;
    let finished = false;
    const repetition = repeat(async (closing) => {
      await new Promise<void>((resolve) => (finish = resolve));
      aborted = closing.aborted;
      finished = true;
      return 3_600_000;
    });
    const closed = repetition.close();
    finish();
    await closed;
    expect({ aborted, finished }).toEqual({ aborted: true, finished: true });
  });
});
