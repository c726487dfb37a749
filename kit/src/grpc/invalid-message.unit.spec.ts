import { NewTarget } from '@emitter/proto';
import fc from 'fast-check';
import { InvalidMessage, strictDeserialize } from './invalid-message';

const deserialize = strictDeserialize((bytes) => NewTarget.decode(bytes));

function encoded(text: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x0a, ...varint(text.length)]), text]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

it('reads every well-formed text as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (message) => {
      expect(deserialize(encoded(Buffer.from(message)))).toMatchObject({ message });
    }),
  );
});

it('makes a text that is not well-formed of every invalid UTF-8, and only of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const read = deserialize(encoded(bytes)) as NewTarget;
      const valid = Buffer.from(Buffer.from(bytes).toString('utf8')).equals(Buffer.from(bytes));
      expect(read.message.isWellFormed()).toBe(valid);
    }),
  );
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const read = deserialize(Buffer.from(bytes));
      expect(read instanceof InvalidMessage ? read.error.code : 'INVALID_ARGUMENT').toBe('INVALID_ARGUMENT');
    }),
  );
});
