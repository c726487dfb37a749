/**
 * Array parameters in Postgres's binary format (array_recv in its source: dimensions, has-null flag, element type;
 * then length and lower bound of each dimension; then each element's length and bytes). Against the text format this
 * spares quoting, hex and a second copy, on both sides. An array is sent as a Buffer, which pg passes on as binary.
 */
const header = 20;
const lowerBound = 1;

/** `text[]`. Must be well-formed: a lone surrogate arrives as U+FFFD. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = 0;
  for (const value of values) {
    bytes += value === null ? 0 : Buffer.byteLength(value);
  }
  const { buffer, from } = start(25, values, bytes);
  let at = from;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
    } else {
      const length = buffer.write(value, at + 4);
      buffer.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return buffer;
}

/** `jsonb[]`, of values already encoded as JSON. */
export function jsonbArray(values: readonly string[]): Buffer {
  let bytes = 0;
  for (const value of values) {
    bytes += 1 + Buffer.byteLength(value);
  }
  const { buffer, from } = start(3802, values, bytes);
  let at = from;
  for (const value of values) {
    const length = buffer.write(value, at + 5);
    buffer.writeInt32BE(length + 1, at);
    // jsonb_recv's version number.
    buffer[at + 4] = 1;
    at += 5 + length;
  }
  return buffer;
}

/** `bytea[]`. */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  let bytes = 0;
  for (const value of values) {
    bytes += value === null ? 0 : value.length;
  }
  const { buffer, from } = start(17, values, bytes);
  let at = from;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : value.length, at);
    if (value !== null) {
      buffer.set(value, at);
      at += value.length;
    }
  }
  return buffer;
}

/** `smallint[]`. */
export function int2Array(values: readonly number[]): Buffer {
  return fixed(21, 2, values, (buffer, value, at) => buffer.writeInt16BE(value, at));
}

/** `integer[]`. */
export function int4Array(values: readonly number[]): Buffer {
  return fixed(23, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));
}

/** `bigint[]`. */
export function int8Array(values: readonly bigint[]): Buffer {
  return fixed(20, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(value, at));
}

/** `timestamptz[]`, from milliseconds. */
export function timestamptzArray(values: readonly Date[]): Buffer {
  return fixed(1184, 8, values, (buffer, value, at) =>
    // Microseconds since 2000-01-01: more than a double holds exactly, from the year 2285 on.
    buffer.writeBigInt64BE(BigInt(value.getTime() - postgresEpoch) * 1000n, at),
  );
}

const postgresEpoch = Date.UTC(2000, 0, 1);

function fixed<T>(type: number, width: number, values: readonly T[], write: (b: Buffer, v: T, at: number) => void) {
  const { buffer, from } = start(type, values, width * values.length);
  let at = from;
  for (const value of values) {
    buffer.writeInt32BE(width, at);
    write(buffer, value, at + 4);
    at += 4 + width;
  }
  return buffer;
}

function start(type: number, values: readonly unknown[], bytes: number): { buffer: Buffer; from: number } {
  // An array without elements has no dimension.
  const dimensions = values.length === 0 ? 0 : 1;
  const from = dimensions === 0 ? header - 8 : header;
  const buffer = Buffer.allocUnsafe(from + 4 * values.length + bytes);
  buffer.writeInt32BE(dimensions, 0);
  buffer.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  buffer.writeUInt32BE(type, 8);
  if (dimensions === 1) {
    buffer.writeInt32BE(values.length, 12);
    buffer.writeInt32BE(lowerBound, 16);
  }
  return { buffer, from };
}
