import { crc32c } from './crc32c';
import type { CommandType } from './commands';
import type { MessageType } from './message-type';
import { Writer } from './writer';

/** A frame on the wire: [total size 4][command size 4][command], and for messages, the rest of an entry behind it. */

/** Marks an entry that carries a checksum. */
export const MAGIC_CRC32C = 0x0e01;
/** Marks broker entry metadata before an entry; skipped. */
export const MAGIC_BROKER_METADATA = 0x0e02;

/** What a broker accepts when it does not say otherwise in CONNECTED. */
export const DEFAULT_MAX_MESSAGE_SIZE = 5 * 1024 * 1024;
/** What a frame may be larger than the largest message: command, metadata, properties (Pulsar's own padding: 10 KiB). */
export const FRAME_PADDING = 10 * 1024;

/** The frame of a command without payload. */
export function commandFrame<T>(type: CommandType, messageType: MessageType<T>, value: T): Buffer {
  const writer = new Writer(64);
  writer.length = 8;
  writer.number(1, type);
  writer.nested(type, () => messageType.write(writer, value));
  const frame = writer.view();
  frame.writeUInt32BE(frame.length - 4, 0);
  frame.writeUInt32BE(frame.length - 8, 4);
  return frame;
}

/**
 * What goes before the payload of a SEND or MESSAGE frame, checksum included.
 * @param writeCommand appends the BaseCommand
 * @param writeMetadata appends the MessageMetadata
 */
export function payloadHeader(
  writeCommand: (to: Writer) => void,
  writeMetadata: (to: Writer) => void,
  payload: Uint8Array,
): Buffer {
  const writer = new Writer(256);
  writer.length = 8;
  writeCommand(writer);
  const commandEnd = writer.length;
  writer.reserve(10);
  writer.length += 10;
  writeMetadata(writer);
  const header = writer.view();
  header.writeUInt32BE(header.length - 4 + payload.length, 0);
  header.writeUInt32BE(commandEnd - 8, 4);
  header.writeUInt16BE(MAGIC_CRC32C, commandEnd);
  header.writeUInt32BE(header.length - commandEnd - 10, commandEnd + 6);
  const checksum = crc32c(payload, 0, payload.length, crc32c(header, commandEnd + 6));
  header.writeUInt32BE(checksum, commandEnd + 2);
  return header;
}
