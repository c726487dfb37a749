import { createHash } from 'node:crypto';

/**
 * Tokens that callers hold for us: text fields, joined by dots, behind a checksum, as base64url.
 *
 * The checksum finds damage and mix-ups; it is no signature. A token gives its holder nothing that a request
 * could not ask for anyway, so no secret is needed and every replica reads every token.
 */
const CHECKSUM_BYTES = 8;

/** What a token is for. One kind is never taken for another; a new layout is a new kind. */
export type TokenKind = 'page/1' | 'watch/1';

/** The token of some fields, none of which may hold a dot. */
export function seal(kind: TokenKind, fields: readonly string[]): string {
  const body = Buffer.from(fields.join('.'));
  return Buffer.concat([checksum(kind, body), body]).toString('base64url');
}

/** The fields of a token, or undefined when it is not, to the character, one that `seal` gave for this kind. */
export function unseal(kind: TokenKind, token: string): string[] | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(CHECKSUM_BYTES);
  // Decoding passes over what it does not know, so only the text that encoding gives is the token.
  if (bytes.toString('base64url') !== token || !checksum(kind, body).equals(bytes.subarray(0, CHECKSUM_BYTES))) {
    return undefined;
  }
  return body.toString().split('.');
}

/** A short digest that tells one text from another, as base64url without dots. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 9).toString('base64url');
}

function checksum(kind: TokenKind, body: Buffer): Buffer {
  return createHash('sha256').update(kind).update('\0').update(body).digest().subarray(0, CHECKSUM_BYTES);
}
