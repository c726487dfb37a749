import type { Position, RecordedEvent } from '@emitter/event-log';
import { encodeTargetsAcquired, newUlid, targetsAcquired } from '@emitter/proto';
import { decodePayload, prepare, timeOf } from './prepare';

const now = Date.UTC(2026, 10, 20);
const options = { decode: decodePayload, oldest: now - 1_000, mayHold: (time: number) => time <= now + 1_000 };

function event(id: string, payload: Uint8Array = valid(id)): RecordedEvent {
  return { position: '1' as Position, id, payload, attributes: {}, recordedOn: new Date(now) };
}

function valid(id: string): Uint8Array {
  return encodeTargetsAcquired(targetsAcquired(id, [{ message: 'seen', criticality: 1, source: '' }]));
}

describe('preparing events', () => {
  it('lets valid ones through with their hash', () => {
    const good = event(newUlid(now));
    const { storable, failures, expired } = prepare([good], options);
    expect(storable).toMatchObject([{ recorded: good, event: { id: good.id } }]);
    expect(storable[0]?.hash).toHaveLength(32);
    expect(failures).toEqual([]);
    expect(expired).toBe(0);
  });

  it('passes over what is past retention, whatever it holds', () => {
    const old = event(newUlid(now - 1_001), Buffer.from('?'));
    expect(prepare([old, event(newUlid(now - 1_000))], options)).toMatchObject({ expired: 1, failures: [] });
  });

  it('does not try what has no place in time', () => {
    const far = event(newUlid(now + 1_001));
    expect(prepare([far], options).failures).toMatchObject([
      { event: far, reason: 'TIME_OUT_OF_RANGE', error: expect.stringContaining('2026-11-20T00:00:01.001Z') as string },
    ]);
  });

  it.each([
    ['what is not JSON', event(newUlid(now), Buffer.from('?')), 'the payload must be JSON'],
    [
      'the payload of another id',
      event(newUlid(now), valid(newUlid(now))),
      'id must be the id under which the log has the event',
    ],
    [
      'an id that is no ULID',
      event('none', valid(newUlid(now))),
      'id must be the id under which the log has the event',
    ],
  ])('refuses %s', (_, bad, error) => {
    expect(prepare([bad], options).failures).toEqual([{ event: bad, reason: 'PAYLOAD_INVALID', error }]);
  });

  it('gets over a reader that fails in an unforeseen way', () => {
    const decode = () => {
      throw new RangeError('oops');
    };
    expect(prepare([event(newUlid(now))], { ...options, decode }).failures).toMatchObject([
      { reason: 'PAYLOAD_INVALID', error: 'cannot be read: RangeError: oops' },
    ]);
  });

  it('knows no time of an id that is no ULID', () => {
    expect(timeOf({ ...event(newUlid(now)), id: '' })).toBeUndefined();
  });
});
