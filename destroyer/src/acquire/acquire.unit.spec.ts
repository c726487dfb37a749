import type { Position } from '@emitter/event-log';
import { createAcquire } from './acquire';

describe('an acquisition', () => {
  it('is not begun when its deadline has passed', async () => {
    const publish = jest.fn(() => Promise.resolve('1' as Position));
    const acquire = createAcquire({ eventLog: { publish }, now: () => 1_000, publishTimeoutMs: 100 });
    const call = { signal: new AbortController().signal, remainingMs: () => 0 };
    const targets = [{ message: 'a rebel base', criticality: 7, source: '' }];
    await expect(acquire({ requestId: '', targets }, call)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(publish).not.toHaveBeenCalled();
  });
});
