import * as fc from 'fast-check';
import {
  bounds,
  decodeTargetsAcquired,
  encodeTargetsAcquired,
  newUlid,
  PayloadError,
  targetId,
  targetsAcquired,
} from '..';

const ID = '01JD0000000000000000000000';
const base = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

type Json = Record<string, unknown>;

function payloadOf(change: (event: Json & { data: Json[] }) => unknown): Buffer {
  const event = JSON.parse(encodeTargetsAcquired(targetsAcquired(ID, [base])).toString()) as Json & { data: Json[] };
  return Buffer.from(JSON.stringify(change(event) ?? event));
}

const texts = (minLength: number, maxLength: number) =>
  fc.string({ unit: 'binary', minLength, maxLength }).map((text) => text.replaceAll('\0', ' '));

/** The error that reading the payload gives; undefined when it is read. */
function refusalOf(payload: Buffer): unknown {
  try {
    decodeTargetsAcquired(payload);
    return undefined;
  } catch (error) {
    return error;
  }
}

const newTargets = fc.array(
  fc.record({ message: texts(1, 60), criticality: fc.integer({ min: 0, max: 10 }), source: texts(0, 20) }),
  { minLength: 1, maxLength: 8 },
);

describe('the event targets.acquired', () => {
  it('looks like this on the log', () => {
    expect(
      encodeTargetsAcquired(targetsAcquired(ID, [base, { message: 'x', criticality: 0, source: '' }])).toString(),
    ).toBe(
      '{"id":"01JD0000000000000000000000","name":"targets.acquired","createdOn":"2024-11-18T15:59:22.112Z","data":[' +
        `{"id":"${targetId(ID, 0)}","message":"a rebel base","criticality":7,"source":"probe-12",` +
        '"createdOn":"2024-11-18T15:59:22.112Z","updatedOn":"2024-11-18T15:59:22.112Z"},' +
        `{"id":"${targetId(ID, 1)}","message":"x","criticality":0,"source":"",` +
        '"createdOn":"2024-11-18T15:59:22.112Z","updatedOn":"2024-11-18T15:59:22.112Z"}]}',
    );
  });

  it('comes back as it went in, whatever the text', () => {
    fc.assert(
      fc.property(newTargets, fc.integer({ min: 0, max: 2 ** 48 - 1 }), (targets, time) => {
        fc.pre(time < 8.64e15);
        const event = targetsAcquired(newUlid(time), targets);
        expect(decodeTargetsAcquired(encodeTargetsAcquired(event))).toEqual(event);
      }),
    );
  });

  it('is read from a newer version (unknown fields) and an older one (defaults for what is missing)', () => {
    const newer = payloadOf((event) => {
      event.shield = true;
      Object.assign(event.data[0] ?? {}, { shield: { up: true } });
    });
    const older = payloadOf((event) => {
      delete event.data[0]?.criticality;
      delete event.data[0]?.source;
    });
    expect(decodeTargetsAcquired(newer).targets).toEqual([{ ...base, id: targetId(ID, 0) }]);
    expect(decodeTargetsAcquired(older).targets).toEqual([
      { ...base, id: targetId(ID, 0), criticality: 0, source: '' },
    ]);
  });

  const target = (fields: Json) => payloadOf((event) => void Object.assign(event.data[0] ?? {}, fields));
  it.each<[string, Buffer, string, string]>([
    ['not UTF-8', Buffer.from([0x7b, 0xff]), '', 'UTF-8'],
    ['not JSON', Buffer.from('{'), '', 'JSON'],
    ['a list', Buffer.from('[]'), '', 'object'],
    ['null', Buffer.from('null'), '', 'object'],
    ['too large', Buffer.alloc(bounds.eventBytes.max + 1, 32), '', '1048576'],
    [
      'without an id',
      payloadOf((event) => {
        delete event.id;
      }),
      'id',
      'ULID',
    ],
    ['with a malformed id', payloadOf((event) => ({ ...event, id: 'x' })), 'id', 'ULID'],
    ['with another name', payloadOf((event) => ({ ...event, name: 'targets.lost' })), 'name', 'targets.acquired'],
    ['with another time', payloadOf((event) => ({ ...event, createdOn: '2024-11-19' })), 'createdOn', 'time'],
    [
      'without data',
      payloadOf((event) => {
        delete (event as Json).data;
      }),
      'data',
      '1 to 1,000',
    ],
    ['with no targets', payloadOf((event) => ({ ...event, data: [] })), 'data', '1 to 1,000'],
    ['with a target that is no object', payloadOf((event) => ({ ...event, data: [3] })), 'data[0]', 'object'],
    ["with another event's target id", target({ id: targetId(ID, 1) }), 'data[0].id', 'id'],
    ['with no message', target({ message: '' }), 'data[0].message', '1 to 1,024'],
    ['with a number for a message', target({ message: 3 }), 'data[0].message', 'text'],
    ['with NUL', target({ message: 'a\0b' }), 'data[0].message', 'NUL'],
    ['with a lone surrogate', target({ message: 'a\ud800b' }), 'data[0].message', 'surrogates'],
    ['with a long message', target({ message: 'x'.repeat(1_025) }), 'data[0].message', '1 to 1,024'],
    ['with a long source', target({ source: '🛰'.repeat(129) }), 'data[0].source', '0 to 128'],
    ['with criticality 11', target({ criticality: 11 }), 'data[0].criticality', '0 to 10'],
    ['with criticality -1', target({ criticality: -1 }), 'data[0].criticality', '0 to 10'],
    ['with criticality 1.5', target({ criticality: 1.5 }), 'data[0].criticality', 'whole number'],
    ['with criticality as text', target({ criticality: '7' }), 'data[0].criticality', 'whole number'],
  ])('is refused when it is %s', (_, payload, field, problem) => {
    const error = refusalOf(payload);
    expect(error).toBeInstanceOf(PayloadError);
    expect(error).toMatchObject({ field });
    expect(String(error)).toContain(problem);
  });

  it('takes texts up to their bounds in code points', () => {
    const event = targetsAcquired(ID, [{ message: '🛰'.repeat(1_024), criticality: 10, source: '🛰'.repeat(128) }]);
    expect(decodeTargetsAcquired(encodeTargetsAcquired(event))).toEqual(event);
  });

  it('never says what the payload was', () => {
    expect(() => decodeTargetsAcquired(Buffer.from('{"secret": "hunter2"'))).toThrow(/^the payload must be JSON$/);
  });

  it('is never read from noise, which gives its own error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (noise) => {
          expect(() => decodeTargetsAcquired(noise)).toThrow(PayloadError);
        },
      ),
    );
  });
});
