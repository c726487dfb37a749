import * as zlib from 'node:zlib';
import { PulsarError } from '../errors';
import { lz4Decompress } from './lz4';
import { snappyDecompress } from './snappy';

/** Compression by its official name, and its number on the wire. */
export const COMPRESSION = { None: 0, LZ4: 1, Zlib: 2, ZSTD: 3, SNAPPY: 4 } as const;
/** Compression by the name that `pulsar-client` has for it. */
export type CompressionType = keyof typeof COMPRESSION;

// The Java client leaves the end mark of the stream out.
const UNFINISHED = zlib.constants.Z_SYNC_FLUSH;

/** A message may say that it unpacks to this much, no more: 128 MiB. */
export const MAX_UNCOMPRESSED_SIZE = 128 * 1024 * 1024;

// In node:zlib since 22.15; the types of Node 20 do not know it.
type Zstd = (input: Buffer, options?: { maxOutputLength?: number }) => Buffer;
const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as Record<string, Zstd | undefined>;

/** Compresses the payload of an entry. Raises CODEC_UNSUPPORTED for LZ4 and SNAPPY (read only), ZSTD before Node 22.15. */
export function compress(type: CompressionType, payload: Buffer): Buffer {
  if (type === 'None') return payload;
  if (type === 'Zlib') return zlib.deflateSync(payload);
  if (type === 'ZSTD' && zstdCompressSync) return zstdCompressSync(payload);
  throw unsupported(type, 'written');
}

/**
 * Unpacks the payload of an entry.
 * @param number compression as on the wire
 * @param size what it unpacks to, as its metadata says; checked
 */
export function decompress(number: number, payload: Buffer, size: number): Buffer {
  if (number === COMPRESSION.None) return payload;
  if (size > MAX_UNCOMPRESSED_SIZE || size < 0) {
    throw new PulsarError('CORRUPT_MESSAGE', `a message that unpacks to ${size} bytes is not read`);
  }
  const unpacked = unpack(number, payload, size);
  if (unpacked.length === size) return unpacked;
  throw new PulsarError('CORRUPT_MESSAGE', `a message of ${size} bytes unpacked to ${unpacked.length}`);
}

function unpack(number: number, payload: Buffer, size: number): Buffer {
  // One byte more than stated, so that a longer result is seen as wrong, and never more than that.
  const bound = { maxOutputLength: size + 1 };
  try {
    if (number === COMPRESSION.Zlib) return zlib.inflateSync(payload, { ...bound, finishFlush: UNFINISHED });
    if (number === COMPRESSION.LZ4) return lz4Decompress(payload, size);
    if (number === COMPRESSION.SNAPPY) return snappyDecompress(payload, size);
    if (number === COMPRESSION.ZSTD && zstdDecompressSync) return zstdDecompressSync(payload, bound);
  } catch (error) {
    throw PulsarError.from(error, 'CORRUPT_MESSAGE');
  }
  const name = Object.entries(COMPRESSION).find(([, value]) => value === number)?.[0] ?? String(number);
  throw unsupported(name, 'read');
}

function unsupported(codec: string, verb: string): PulsarError {
  const hint = codec === 'ZSTD' ? '; Node 22.15 or newer can' : '';
  return new PulsarError(
    'CODEC_UNSUPPORTED',
    `${codec} cannot be ${verb} by this client on Node ${process.version}${hint}`,
    {
      details: { codec },
    },
  );
}
