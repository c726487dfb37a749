import { PulsarError } from '../errors';
import { longs } from './message-type';
import { crc32c } from './crc32c';
import { MAGIC_BROKER_METADATA, MAGIC_CRC32C } from './frame';
import { readMetadata, type Metadata } from './metadata';
import type { Reader } from './reader';

/** A MESSAGE command with its entry: one message, or a batch that is still packed. */
export interface Entry {
  consumerId: number;
  ledgerId: number;
  entryId: number;
  partition: number;
  redeliveryCount: number;
  /** Bits of the messages in the batch that are not acknowledged, 64 to a word; undefined: all. */
  ackSet: bigint[] | undefined;
  consumerEpoch: number | undefined;
  metadata: Metadata;
  /** A view of the frame. */
  payload: Buffer;
  /** False: the bytes are not those that were sent, and metadata and payload are empty. */
  intact: boolean;
}

const words = longs(4);

/** Decodes the body of a MESSAGE command, `r`, and the entry that follows it in the frame at `at`. */
export function readEntry(r: Reader, frame: Buffer, at: number): Entry {
  const entry: Entry = {
    consumerId: 0,
    ledgerId: 0,
    entryId: 0,
    partition: -1,
    redeliveryCount: 0,
    ackSet: undefined,
    consumerEpoch: undefined,
    metadata: NO_METADATA,
    payload: NOTHING,
    intact: true,
  };
  while (r.more()) {
    const tag = r.varint();
    // prettier-ignore
    switch (tag) {
      case 8: entry.consumerId = r.varint(); break;
      case 18: readId(r, entry); break;
      case 24: entry.redeliveryCount = r.varint(); break;
      case 32: case 34: entry.ackSet = words.read(r, entry.ackSet, tag); break;
      case 40: entry.consumerEpoch = r.varint(); break;
      default: r.skip(tag);
    }
  }
  readContent(entry, frame, at);
  return entry;
}

const NOTHING = Buffer.alloc(0);
const NO_METADATA: Metadata = { producerName: '', sequenceId: 0, publishTime: 0 };

function readId(r: Reader, entry: Entry): void {
  const outer = r.end;
  r.end = r.delimited();
  while (r.more()) {
    const tag = r.varint();
    if (tag === 8) entry.ledgerId = r.varint();
    else if (tag === 16) entry.entryId = r.varint();
    else if (tag === 24) entry.partition = r.varint();
    else r.skip(tag);
  }
  r.end = outer;
}

function readContent(entry: Entry, frame: Buffer, at: number): void {
  const need = (bytes: number): void => {
    if (at + bytes > frame.length) throw new PulsarError('PROTOCOL_ERROR', 'an entry ends after its frame');
  };
  need(2);
  if (frame.readUInt16BE(at) === MAGIC_BROKER_METADATA) {
    need(6);
    at += 6 + frame.readUInt32BE(at + 2);
    need(2);
  }
  if (frame.readUInt16BE(at) === MAGIC_CRC32C) {
    need(6);
    entry.intact = crc32c(frame, at + 6) === frame.readUInt32BE(at + 2);
    if (!entry.intact) return;
    at += 6;
  }
  need(4);
  const start = at + 4;
  const end = start + frame.readUInt32BE(at);
  at = end;
  need(0);
  entry.metadata = readMetadata(frame, start, end);
  entry.payload = frame.subarray(end);
}
