import { PulsarError } from '../errors';

/**
 * Decompresses one LZ4 block (the raw format that Pulsar's clients use, not the frame format).
 * Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 * @param size exact size of the result; anything else is CORRUPT_MESSAGE
 */
export function lz4Decompress(input: Buffer, size: number): Buffer {
  const output = Buffer.allocUnsafe(size);
  let from = 0;
  let to = 0;
  // A length of 15 goes on in the next bytes, for as long as they are 255.
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble === 15) {
      let byte = 255;
      while (byte === 255) {
        if (from >= input.length) throw corrupt();
        byte = input[from++]!;
        total += byte;
      }
    }
    return total;
  };
  while (from < input.length) {
    const token = input[from++]!;
    const literals = length(token >>> 4);
    if (from + literals > input.length || to + literals > size) throw corrupt();
    input.copy(output, to, from, from + literals);
    from += literals;
    to += literals;
    if (from === input.length) break;
    if (from + 2 > input.length) throw corrupt();
    const distance = input.readUInt16LE(from);
    from += 2;
    const match = length(token & 15) + 4;
    if (distance === 0 || distance > to || to + match > size) throw corrupt();
    copyWithin(output, to, distance, match);
    to += match;
  }
  if (to !== size) throw corrupt();
  return output;
}

/** Appends `length` bytes from `distance` back; the two ranges may overlap, which repeats a pattern. */
export function copyWithin(output: Buffer, to: number, distance: number, length: number): void {
  if (distance >= length) output.copyWithin(to, to - distance, to - distance + length);
  else for (let i = 0; i < length; i++) output[to + i] = output[to + i - distance]!;
}

function corrupt(): PulsarError {
  return new PulsarError('CORRUPT_MESSAGE', 'the LZ4 block is broken');
}
