import { isUtf8 } from 'node:buffer';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { EmitterError } from '../errors';

/** Stands for a request that is not the protobuf message it should be. Unary and server-stream handlers never see one. */
export class InvalidMessage {
  constructor(readonly error: EmitterError) {}
}

/**
 * Wraps a ts-proto `requestDeserialize` so that it never throws (grpc-js would answer INTERNAL) and so that
 * invalid UTF-8 is seen: proto3 forbids it in a string, but readers put U+FFFD in its place, which is a
 * character that a text may hold. Here the text gets a lone surrogate, which no valid one can hold, so that the
 * field's own check refuses it and names it.
 */
export function strictDeserialize<Request>(
  deserialize: (bytes: Buffer) => Request,
): (bytes: Buffer) => Request | InvalidMessage {
  return (bytes) => {
    try {
      // Generated code takes a reader in the place of bytes; its declared type does not say so.
      return deserialize(new BinaryReader(bytes, decodeUtf8) as never);
    } catch (cause) {
      return new InvalidMessage(
        new EmitterError('INVALID_ARGUMENT', 'the request is not a protobuf message of this method', { cause }),
      );
    }
  };
}

const REPLACEMENT = '\uFFFD';

function decodeUtf8(bytes: Uint8Array): string {
  const text = (bytes as Buffer).toString('utf8'); // a part of the Buffer that grpc-js gave
  if (!text.includes(REPLACEMENT) || isUtf8(bytes)) {
    return text;
  }
  return text.replaceAll(REPLACEMENT, '\uD800');
}
