import { PulsarError } from '../errors';
import { Reader } from '../wire/reader';
import { copyWithin } from './lz4';

/**
 * Decompresses Snappy's raw format. Format: https://github.com/google/snappy/blob/main/format_description.txt
 * @param size exact size of the result; anything else is CORRUPT_MESSAGE
 */
export function snappyDecompress(input: Buffer, size: number): Buffer {
  const reader = new Reader(input);
  if (input.length === 0 || reader.varint() !== size) throw corrupt();
  const output = Buffer.allocUnsafe(size);
  let from = reader.at;
  let to = 0;
  const little = (bytes: number): number => {
    if (from + bytes > input.length) throw corrupt();
    from += bytes;
    return input.readUIntLE(from - bytes, bytes);
  };
  while (from < input.length) {
    const tag = input[from++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const code = tag >>> 2;
      const length = (code < 60 ? code : little(code - 59)) + 1;
      if (from + length > input.length || to + length > size) throw corrupt();
      input.copy(output, to, from, from + length);
      from += length;
      to += length;
    } else {
      const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const distance = kind === 1 ? ((tag >>> 5) << 8) | little(1) : little(kind === 2 ? 2 : 4);
      if (distance === 0 || distance > to || to + length > size) throw corrupt();
      copyWithin(output, to, distance, length);
      to += length;
    }
  }
  if (to !== size) throw corrupt();
  return output;
}

function corrupt(): PulsarError {
  return new PulsarError('CORRUPT_MESSAGE', 'the Snappy block is broken');
}
