import { EmitterError, type ErrorCode } from '@emitter/kit';
import { seededRandom } from '../random';
import { fakeEmitter } from '../testing/fake-emitter';
import { settle, type RepeatOptions } from '.';

const request = {
  requestId: '01JD0000000000000000000000',
  targets: [{ message: 'a comet', criticality: 3, source: 'probe-1' }],
};
const unavailable = () => new EmitterError('UNAVAILABLE', 'away');

function options(change: Partial<RepeatOptions> & Pick<RepeatOptions, 'clients'>): RepeatOptions {
  return { random: seededRandom(1), ...change };
}

describe('settling an acquisition', () => {
  it('is done at once when the answer is OK', async () => {
    const emitter = fakeEmitter();
    const settled = await settle(request, options({ clients: [emitter] }));
    expect(settled).toMatchObject({ outcome: 'acknowledged', attempts: 1, acquired: { eventId: request.requestId } });
    expect(emitter.calls).toEqual([request]);
  });

  it.each<ErrorCode>(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'OVERLOADED', 'CANCELLED', 'INTERNAL'])(
    'sends the same request again after %s, and it is stored once',
    async (code) => {
      const emitter = fakeEmitter();
      emitter.after = (call) => {
        if (call < 3) {
          throw new EmitterError(code, 'lost the answer');
        }
      };
      const heard: string[] = [];
      const settled = await settle(
        request,
        options({ clients: [emitter], onRetry: (error) => heard.push(error.code) }),
      );
      expect(settled).toMatchObject({ outcome: 'acknowledged', attempts: 3 });
      expect(emitter.calls).toEqual([request, request, request]);
      expect(emitter.stored.size).toBe(1);
      expect(heard).toEqual([code, code]);
    },
  );

  it.each<ErrorCode>(['INVALID_ARGUMENT', 'REQUEST_ID_CONFLICT'])('takes %s for an answer', async (code) => {
    const emitter = fakeEmitter();
    emitter.before = () => {
      throw new EmitterError(code, 'no');
    };
    const settled = await settle(request, options({ clients: [emitter] }));
    expect(settled).toMatchObject({ outcome: 'refused', attempts: 1, error: { code } });
  });

  it('asks the next address after a failure', async () => {
    const [away, there] = [fakeEmitter('a:1'), fakeEmitter('b:1')];
    away.before = () => {
      throw unavailable();
    };
    const settled = await settle(request, options({ clients: [there, away], first: 1 }));
    expect(settled).toMatchObject({ outcome: 'acknowledged', attempts: 2 });
    expect(away.calls).toHaveLength(1);
    expect(there.stored.size).toBe(1);
  });

  it('gives up after the attempts it was given', async () => {
    const emitter = fakeEmitter();
    emitter.before = () => {
      throw unavailable();
    };
    const settled = await settle(request, options({ clients: [emitter], maxAttempts: 2 }));
    expect(settled).toMatchObject({ outcome: 'unknown', attempts: 2, error: { code: 'UNAVAILABLE' } });
  });

  it('gives up while it waits when the signal says so', async () => {
    const emitter = fakeEmitter();
    const over = new AbortController();
    emitter.before = () => {
      throw unavailable();
    };
    const settled = await settle(
      request,
      options({ clients: [emitter], signal: over.signal, onRetry: () => over.abort() }),
    );
    expect(settled).toMatchObject({ outcome: 'unknown', attempts: 1 });
  });

  it('does not try again once the signal has ended the call', async () => {
    const emitter = fakeEmitter();
    const over = new AbortController();
    emitter.before = () => {
      over.abort();
      throw new EmitterError('CANCELLED', 'ended');
    };
    const settled = await settle(request, options({ clients: [emitter], signal: over.signal }));
    expect(settled).toMatchObject({ outcome: 'unknown', attempts: 1, error: { code: 'CANCELLED' } });
  });

  it('waits longer each time, as long as the service asks, and never more than a second', async () => {
    const emitter = fakeEmitter();
    const waits: number[] = [];
    emitter.before = (call) => {
      if (call === 1) {
        throw new EmitterError('OVERLOADED', 'busy', { details: { retryAfterMs: 200 } });
      }
      if (call < 4) {
        throw unavailable();
      }
    };
    await settle(request, options({ clients: [emitter], onRetry: (_, waitMs) => waits.push(waitMs) }));
    const [asked, second, third] = waits as [number, number, number];
    expect(asked).toBeGreaterThanOrEqual(100);
    expect(asked).toBeLessThanOrEqual(200);
    expect(second).toBeGreaterThanOrEqual(25);
    expect(second).toBeLessThanOrEqual(50);
    expect(third).toBeGreaterThanOrEqual(50);
    expect(third).toBeLessThanOrEqual(100);
  });

  it('needs a client', async () => {
    await expect(settle(request, options({ clients: [] }))).rejects.toThrow('at least one client');
  });
});
