import { createLogger } from '@emitter/kit';
import { Writable } from 'node:stream';
import { startProgress } from './progress';

describe('progress', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is a line with the counts every 5 s, if they changed', () => {
    const lines: Record<string, unknown>[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
        done();
      },
    });
    let acknowledged = 9;
    const stop = startProgress({
      everyMs: 5_000,
      totals: () => ({ acknowledged, refused: 1, unknown: 0, retries: 3, skipped: 2 }),
      waiting: () => 2,
      logger: createLogger({ service: 'simulator', version: '1', level: 'info', destination }),
    });
    jest.advanceTimersByTime(4_999);
    expect(lines).toEqual([]);
    jest.advanceTimersByTime(1);
    const first = { message: 'emitted so far', emitted: 12, acknowledged: 9, waiting: 2, refused: 1, unknown: 0 };
    expect(lines).toMatchObject([{ ...first, retries: 3, skipped: 2 }]);
    jest.advanceTimersByTime(10_000);
    expect(lines).toHaveLength(1);
    acknowledged = 19;
    jest.advanceTimersByTime(5_000);
    expect(lines[1]).toMatchObject({ emitted: 22, acknowledged: 19 });
    stop();
    acknowledged = 29;
    jest.advanceTimersByTime(5_000);
    expect(lines).toHaveLength(2);
  });
});
