import * as fc from 'fast-check';
import { PulsarError } from '../errors';
import * as c from './commands';
import { crc32c } from './crc32c';
import { commandFrame } from './frame';
import { FrameDecoder } from './frame-decoder';
import { readMetadata, readSingleMetadata, writeMetadata, writeSingleMetadata } from './metadata';
import type { MessageType } from './message-type';
import { readProperties } from './properties';
import { Reader } from './reader';
import { MAX_LONG, Writer } from './writer';

const safe = fc.maxSafeNat();
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const key = fc.string({ minLength: 1, unit: 'grapheme' });
const properties = fc.dictionary(key, fc.string({ unit: 'grapheme' }), { noNullPrototype: true });

// Without what is undefined, and bytes as text, so that views and buffers compare.
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) =>
      typeof v === 'bigint' ? `${v}n` : v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v,
    ),
  );

function encoded<T>(type: MessageType<T>, value: T): Buffer {
  const writer = new Writer(4);
  type.write(writer, value);
  return Buffer.from(writer.view());
}

describe('crc32c', () => {
  test.each([
    ['', 0],
    ['123456789', 0xe3069283],
    ['a', 0xc1d04330],
  ])('of %j as in RFC 3720', (text, sum) => expect(crc32c(Buffer.from(text))).toBe(sum));

  test('32 zeroes, ones, and counting up, as in RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
  });

  test('over pieces is the same as over all', () => {
    fc.assert(
      fc.property(bytes, fc.nat(300), (all, cut) =>
        expect(crc32c(all.subarray(cut), 0, undefined, crc32c(all.subarray(0, cut)))).toBe(crc32c(all)),
      ),
    );
  });
});

describe('numbers', () => {
  test('decode what they encode: whatever is safe, -1, the largest long', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, MAX_LONG, 0, 2 ** 31, 2 ** 32, 2 ** 49, 2 ** 53 - 1)),
        (value) => {
          const writer = new Writer(1);
          writer.varint(value);
          const reader = new Reader(writer.view());
          expect(reader.varint()).toBe(value);
          expect(reader.more()).toBe(false);
        },
      ),
    );
  });

  test('64 bits, exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const writer = new Writer(1);
        writer.bigVarint(value);
        expect(new Reader(writer.view()).bigVarint()).toBe(value);
      }),
    );
  });
});

describe('commands decode what they encode', () => {
  const id = fc.record({
    ledgerId: fc.oneof(safe, fc.constant(-1)),
    entryId: fc.oneof(safe, fc.constant(MAX_LONG)),
    partition: optional(fc.integer({ min: -1, max: 1000 })),
    batchIndex: optional(fc.nat(1000)),
    ackSet: optional(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 5 })),
    batchSize: optional(fc.nat(1000)),
  });
  const pairs = optional(fc.array(fc.record({ key: fc.string(), value: fc.string() }), { minLength: 1, maxLength: 4 }));
  const schema = optional(fc.record({ name: fc.string(), data: bytes, type: fc.nat(20), properties: pairs }));
  const expectRound = <T>(type: MessageType<T>, arbitrary: fc.Arbitrary<T>): void =>
    fc.assert(
      fc.property(arbitrary, (value) =>
        expect(plain(type.read(new Reader(encoded(type, value))))).toEqual(plain(value)),
      ),
    );

  test('MessageIdData', () => expectRound(c.MessageIdData, id));
  test('Ack', () =>
    expectRound(
      c.Ack,
      fc.record({
        consumerId: safe,
        type: fc.nat(1),
        messageIds: optional(fc.array(id, { minLength: 1, maxLength: 5 })),
        validationError: optional(fc.nat(4)),
        requestId: optional(safe),
      }),
    ));
  test('Subscribe', () =>
    expectRound(
      c.Subscribe,
      fc.record({
        topic: fc.string(),
        subscription: fc.string({ unit: 'grapheme' }),
        type: fc.nat(3),
        consumerId: safe,
        requestId: safe,
        consumerName: optional(fc.string()),
        durable: optional(fc.boolean()),
        startMessageId: optional(id),
        properties: pairs,
        schema,
        initialPosition: optional(fc.nat(1)),
        consumerEpoch: optional(safe),
      }) as fc.Arbitrary<never>,
    ));
  test('Producer', () =>
    expectRound(
      c.Producer,
      fc.record({
        topic: fc.string(),
        producerId: safe,
        requestId: safe,
        name: optional(fc.string()),
        properties: pairs,
        schema,
        epoch: optional(safe),
        userProvidedName: optional(fc.boolean()),
      }) as fc.Arbitrary<never>,
    ));
  test('Connect', () =>
    expectRound(
      c.Connect,
      fc.record({
        clientVersion: fc.string(),
        authData: optional(bytes),
        authMethod: optional(fc.string()),
        protocolVersion: optional(fc.nat(30)),
        proxyToBroker: optional(fc.string()),
        features: optional(fc.record({ authRefresh: optional(fc.boolean()) })),
      }) as fc.Arbitrary<never>,
    ));

  test('without what is required they are refused', () => {
    expect(() => c.Success.read(new Reader(Buffer.alloc(0)))).toThrow(PulsarError);
  });

  test('unknown fields of any kind, and known ones of the wrong kind, are skipped', () => {
    const writer = new Writer();
    writer.text(99, 'unknown');
    writer.number(100, 5);
    writer.varint(101 * 8 + 1);
    writer.raw(Buffer.alloc(8));
    writer.varint(102 * 8 + 5);
    writer.raw(Buffer.alloc(4));
    writer.text(1, 'not a number');
    writer.number(1, 7);
    expect(c.Success.read(new Reader(writer.view()))).toEqual({ requestId: 7 });
  });
});

describe('metadata decodes what it encodes', () => {
  test('of an entry', () => {
    const arbitrary = fc.record({
      producerName: fc.string(),
      sequenceId: safe,
      publishTime: safe,
      properties,
      partitionKey: optional(fc.string({ unit: 'grapheme' })),
      replicateTo: optional(fc.array(fc.string(), { minLength: 1, maxLength: 3 })),
      compression: optional(fc.integer({ min: 1, max: 4 })),
      uncompressedSize: optional(fc.nat()),
      eventTime: optional(fc.integer({ min: 1 })),
      schemaVersion: optional(bytes),
      orderingKey: optional(bytes),
      deliverAt: optional(safe),
      highestSequenceId: optional(safe),
    });
    fc.assert(
      fc.property(arbitrary, (value) => {
        const writer = new Writer(8);
        writeMetadata(writer, value);
        expect(plain(readMetadata(writer.view(), 0, writer.length))).toEqual(plain(value));
      }),
    );
  });

  test('of a message in a batch', () => {
    const arbitrary = fc.record({
      partitionKey: optional(fc.string()),
      payloadSize: fc.nat(),
      eventTime: optional(fc.integer({ min: 1 })),
      orderingKey: optional(bytes),
      sequenceId: optional(safe),
    });
    fc.assert(
      fc.property(arbitrary, properties, (value, all) => {
        const writer = new Writer(8);
        writeSingleMetadata(writer, { ...value, properties: all });
        expect(plain(readSingleMetadata(writer.view(), 0, writer.length))).toEqual(plain(value));
        expect(plain(readProperties(writer.view(), 0, writer.length, 1))).toEqual(plain(all));
      }),
    );
  });
});

describe('the frame decoder', () => {
  const MAX = 64 * 1024;
  const collect = (chunks: Buffer[], max = MAX): Buffer[] => {
    const frames: Buffer[] = [];
    const decoder = new FrameDecoder(max, (frame) => frames.push(Buffer.from(frame)));
    for (const chunk of chunks) {
      decoder.push(chunk);
      expect(decoder.held).toBeLessThanOrEqual(max + 4);
    }
    return frames;
  };
  const cut = (all: Buffer, cuts: number[]): Buffer[] => {
    const at = [0, ...cuts.map((n) => n % (all.length + 1)).sort((a, b) => a - b), all.length];
    return at.slice(1).map((end, i) => all.subarray(at[i], end));
  };

  test('gives the frames back however the stream is cut', () => {
    const frame = fc.uint8Array({ minLength: 4, maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 10 }), fc.array(fc.nat(5_000)), (frames, cuts) => {
        const length = (size: number): Buffer => {
          const head = Buffer.alloc(4);
          head.writeUInt32BE(size);
          return head;
        };
        const stream = Buffer.concat(frames.flatMap((one) => [length(one.length), one]));
        expect(collect(cut(stream, cuts))).toEqual(frames);
      }),
    );
  });

  test('any bytes end in frames or in PROTOCOL_ERROR, with no more memory than one frame', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
          { maxLength: 20 },
        ),
        (chunks) => {
          try {
            collect(chunks, 1_000);
          } catch (error) {
            expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([0, 3, MAX + 1, 0xffffffff])('refuses a size of %d before it takes memory for it', (size) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(size);
    for (const chunks of [[head], [...head].map((byte) => Buffer.from([byte]))]) {
      expect(() => collect(chunks)).toThrow(PulsarError);
    }
  });

  test('a command frame has the sizes the protocol wants', () => {
    const frame = commandFrame(c.Type.SUCCESS, c.Success, { requestId: 300 });
    expect(frame.toString('hex')).toBe(['0000000b', '00000007', '080d', '6a03', '08ac02'].join(''));
  });
});
