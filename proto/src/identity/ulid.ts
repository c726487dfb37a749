import { randomFillSync } from 'node:crypto';

/**
 * ULIDs as text: 48 bits of time in milliseconds (10 characters), then 80 bits (16 characters), in
 * Crockford's base 32, upper case. Text order is time order. Source: github.com/ulid/spec.
 *
 * Our own because the ids of targets need "this time, these 80 bits", which the `ulid` package does not
 * offer; the tests hold this against that package.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const TIME_CHARACTERS = 10;
const MAX_TIME = 2 ** 48 - 1;

/** Whether the text is a ULID in its one canonical form (26 characters, upper case). */
export function isUlid(text: string): boolean {
  return PATTERN.test(text);
}

/** The ULID of a time (milliseconds since 1970) and 80 bits, the first 10 bytes given. */
export function ulidOf(time: number, bits: Uint8Array): string {
  return encodeTime(time) + encode80Bits(bits);
}

/** A new ULID: the time given (milliseconds since 1970) and 80 random bits. */
export function newUlid(time: number): string {
  if (used === entropy.length) {
    randomFillSync(entropy);
    used = 0;
  }
  const bits = entropy.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return ulidOf(time, bits);
}

/** Random bytes are drawn in blocks: one at a time, drawing costs more than all the rest of an id. */
const RANDOM_BYTES = 10;
const entropy = Buffer.alloc(RANDOM_BYTES * 256);
let used = entropy.length;

/** The time inside a ULID, in milliseconds since 1970. The text must be a ULID. */
export function ulidTime(ulid: string): number {
  let time = 0;
  for (let at = 0; at < TIME_CHARACTERS; at++) {
    time = time * 32 + ALPHABET.indexOf(ulid.charAt(at));
  }
  return time;
}

/** The lowest ULID of a time, in milliseconds since 1970: every ULID of that time or later is at or above it. */
export function lowestUlid(time: number): string {
  return `${encodeTime(time)}0000000000000000`;
}

function encodeTime(time: number): string {
  if (!Number.isInteger(time) || time < 0 || time > MAX_TIME) {
    throw new RangeError(`a ULID's time is 0 to ${String(MAX_TIME)} ms, not ${String(time)}`);
  }
  let rest = time;
  let text = '';
  for (let at = 0; at < TIME_CHARACTERS; at++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function encode80Bits(bytes: Uint8Array): string {
  let text = '';
  // Five bytes are eight characters; two rounds are 80 bits.
  for (let at = 0; at < 10; at += 5) {
    const view = [
      bytes[at] ?? 0,
      bytes[at + 1] ?? 0,
      bytes[at + 2] ?? 0,
      bytes[at + 3] ?? 0,
      bytes[at + 4] ?? 0,
    ] as const;
    const [a, b, c, d, e] = view;
    text +=
      ALPHABET.charAt(a >> 3) +
      ALPHABET.charAt(((a & 7) << 2) | (b >> 6)) +
      ALPHABET.charAt((b >> 1) & 31) +
      ALPHABET.charAt(((b & 1) << 4) | (c >> 4)) +
      ALPHABET.charAt(((c & 15) << 1) | (d >> 7)) +
      ALPHABET.charAt((d >> 2) & 31) +
      ALPHABET.charAt(((d & 3) << 3) | (e >> 5)) +
      ALPHABET.charAt(e & 31);
  }
  return text;
}
