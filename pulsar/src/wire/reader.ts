import { PulsarError } from '../errors';

/** Reads protobuf fields from `bytes[at, end)`; every malformed input ends in a PROTOCOL_ERROR, never in a loop. */
export class Reader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
    public end = bytes.length,
  ) {}

  /** True while there is a field to read. */
  more(): boolean {
    return this.at < this.end;
  }

  /** A varint as a number: exact up to 2^53, two's complement for what does not fit in 63 bits. */
  varint(): number {
    const bytes = this.bytes;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 7; i++) {
      if (this.at >= this.end) throw truncated();
      const byte = bytes[this.at++]!;
      if (byte < 0x80) return value + byte * scale;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return Number(BigInt.asIntN(64, this.rest(BigInt(value), 49n)));
  }

  /** A varint as a signed 64-bit number, exact. */
  bigVarint(): bigint {
    return BigInt.asIntN(64, this.rest(0n, 0n));
  }

  private rest(value: bigint, shift: bigint): bigint {
    for (; shift < 70n; shift += 7n) {
      if (this.at >= this.end) throw truncated();
      const byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new PulsarError('PROTOCOL_ERROR', 'a varint is longer than ten bytes');
  }

  /** Reads a length and returns where that many bytes end, having checked that they are there. */
  delimited(): number {
    const size = this.varint();
    const end = this.at + size;
    if (size < 0 || end > this.end) throw truncated();
    return end;
  }

  /** A length-delimited field as text. */
  text(): string {
    const end = this.delimited();
    const value = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return value;
  }

  /** A length-delimited field as a view of the input. */
  blob(): Buffer {
    const end = this.delimited();
    const value = this.bytes.subarray(this.at, end);
    this.at = end;
    return value;
  }

  /** Steps over the value of a field with this tag. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint();
    else if (wireType === 2) this.at = this.delimited();
    else if (wireType === 1 || wireType === 5) {
      this.at += wireType === 1 ? 8 : 4;
      if (this.at > this.end) throw truncated();
    } else throw new PulsarError('PROTOCOL_ERROR', `wire type ${wireType} is not known`);
  }
}

function truncated(): PulsarError {
  return new PulsarError('PROTOCOL_ERROR', 'a field ends after its message');
}
