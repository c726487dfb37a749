/** The largest signed 64-bit number, as close as a double gets: `MessageId.latest()` is made of it. */
export const MAX_LONG = 2 ** 63;
const MAX_LONG_EXACT = 2n ** 63n - 1n;

/** Appends protobuf fields to a buffer that grows. Numbers above 2^53 are not exact, except -1 and {@link MAX_LONG}. */
export class Writer {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 256) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** What was written so far: a view, not a copy. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const bigger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(bigger, 0, 0, this.length);
    this.bytes = bigger;
  }

  /** A bare varint; negative numbers as their 64-bit two's complement, as protobuf wants int32 and int64. */
  varint(value: number): void {
    this.reserve(10);
    const out = this.bytes;
    let at = this.length;
    if (value >= 0 && value <= 0x7fffffff) {
      while (value > 0x7f) {
        out[at++] = (value & 0x7f) | 0x80;
        value >>>= 7;
      }
      out[at++] = value;
    } else if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      while (value > 0x7f) {
        out[at++] = (value % 128) | 0x80;
        value = Math.floor(value / 128);
      }
      out[at++] = value;
    } else {
      let big = value >= MAX_LONG ? MAX_LONG_EXACT : BigInt.asUintN(64, BigInt(value));
      while (big > 0x7fn) {
        out[at++] = Number(big & 0x7fn) | 0x80;
        big >>= 7n;
      }
      out[at++] = Number(big);
    }
    this.length = at;
  }

  /** A bare 64-bit varint, exact. */
  bigVarint(value: bigint): void {
    this.reserve(10);
    let big = BigInt.asUintN(64, value);
    while (big > 0x7fn) {
      this.bytes[this.length++] = Number(big & 0x7fn) | 0x80;
      big >>= 7n;
    }
    this.bytes[this.length++] = Number(big);
  }

  /** A varint field. */
  number(field: number, value: number): void {
    this.varint(field * 8);
    this.varint(value);
  }

  /** A length-delimited field of bytes. */
  blob(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.raw(value);
  }

  /** A length-delimited field of UTF-8. */
  text(field: number, value: string): void {
    this.varint(field * 8 + 2);
    const size = Buffer.byteLength(value);
    this.varint(size);
    this.reserve(size);
    this.length += this.bytes.write(value, this.length, size, 'utf8');
  }

  /** A length-delimited field whose content `write` appends. */
  nested(field: number, write: () => void): void {
    this.varint(field * 8 + 2);
    // The length is known only afterwards: write the content, then move it by the length's size.
    const start = this.length;
    write();
    const size = this.length - start;
    const width = size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x200000 ? 3 : 5;
    this.reserve(width);
    this.bytes.copyWithin(start + width, start, start + size);
    this.length = start;
    this.paddedVarint(size, width);
    this.length = start + width + size;
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private paddedVarint(value: number, width: number): void {
    for (let i = 1; i < width; i++) {
      this.bytes[this.length++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.length++] = value;
  }
}
