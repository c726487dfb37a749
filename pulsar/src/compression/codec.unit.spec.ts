import * as fc from 'fast-check';
import * as zlib from 'node:zlib';
import { COMPRESSION, compress, decompress, MAX_UNCOMPRESSED_SIZE } from './codec';

function expectError(error: object, action: () => unknown): void {
  let thrown: unknown;
  try {
    action();
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown).toMatchObject(error);
}
const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));

test('zlib unpacks what it packed', () => {
  fc.assert(
    fc.property(bytes, (data) =>
      expect(decompress(COMPRESSION.Zlib, compress('Zlib', data), data.length)).toEqual(data),
    ),
  );
});

test('zlib without its end mark, as the Java client writes it', () => {
  const data = Buffer.from('x'.repeat(1_000));
  const packed = zlib.deflateSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  expect(decompress(COMPRESSION.Zlib, packed, data.length)).toEqual(data);
});

test('LZ4 and Snappy: blocks by the book', () => {
  // Literals "abcd", then eight from four back: a match that overlaps itself.
  expect(decompress(COMPRESSION.LZ4, Buffer.from('446162636404001065', 'hex'), 13).toString()).toBe('abcdabcdabcde');
  expect(decompress(COMPRESSION.SNAPPY, Buffer.from('0c0c61626364' + '1104', 'hex'), 12).toString()).toBe(
    'abcdabcdabcd',
  );
});

test.each([COMPRESSION.LZ4, COMPRESSION.SNAPPY, COMPRESSION.Zlib, COMPRESSION.ZSTD])(
  'any bytes in compression %d end in a typed error, or in the size promised',
  (number) => {
    fc.assert(
      fc.property(bytes, fc.nat(5_000), (data, size) => {
        try {
          expect(decompress(number, data, size)).toHaveLength(size);
        } catch (error) {
          expect(['CORRUPT_MESSAGE', 'CODEC_UNSUPPORTED', 'PROTOCOL_ERROR']).toContain(
            (error as { code: string }).code,
          );
        }
      }),
      { numRuns: 2_000 },
    );
  },
);

test('a bomb is not unpacked', () => {
  const bomb = zlib.deflateSync(Buffer.alloc(10_000_000));
  expectError({ code: 'CORRUPT_MESSAGE' }, () => decompress(COMPRESSION.Zlib, bomb, 100));
  expectError({ code: 'CORRUPT_MESSAGE' }, () => decompress(COMPRESSION.Zlib, bomb, MAX_UNCOMPRESSED_SIZE + 1));
});

test('what is not known is named', () => {
  expectError({ code: 'CODEC_UNSUPPORTED', details: { codec: '9' } }, () => decompress(9, Buffer.alloc(1), 1));
  expectError({ code: 'CODEC_UNSUPPORTED', details: { codec: 'LZ4' } }, () => compress('LZ4', Buffer.alloc(1)));
});
