import { decompress } from '../compression/codec';
import { PulsarError } from '../errors';
import { Message, type EntryOfMessage } from '../message';
import { MessageId } from '../message-id';
import type { Entry } from '../wire/entry';
import { readSingleMetadata } from '../wire/metadata';
import type { BatchAcks } from './batch-acks';

// A message in a batch takes six bytes at least: the size of its metadata, and a payload size in it.
const LEAST_MESSAGE = 6;

/**
 * The messages of an entry.
 * @param topic the topic partition it came from
 * @param acks gives what of a batch of this size is acknowledged
 * @param wanted whether a message of the batch shall be delivered, beside those that are acknowledged
 * @returns `skipped`: messages that are in the batch, and were sent to us, and are not delivered
 */
export function unpack(
  entry: Entry,
  topic: string,
  acks: (size: number) => BatchAcks | undefined,
  wanted: (batchIndex: number) => boolean,
): { messages: Message[]; skipped: number } {
  const { metadata, ledgerId, entryId, partition } = entry;
  refuseUnreadable(entry);
  const payload = metadata.compression
    ? decompress(metadata.compression, entry.payload, metadata.uncompressedSize ?? 0)
    : entry.payload;
  const shared: EntryOfMessage = { topic, metadata, redeliveryCount: entry.redeliveryCount };
  const size = metadata.messagesInBatch;
  if (size === undefined) {
    if (!wanted(-1)) return { messages: [], skipped: 1 };
    const id = new MessageId(ledgerId, entryId, partition);
    id.topic = topic;
    return { messages: [new Message(shared, id, payload, 0, payload.length, undefined, 0, 0)], skipped: 0 };
  }
  if (size < 0 || size * LEAST_MESSAGE > payload.length)
    throw new PulsarError('CORRUPT_MESSAGE', `no batch of ${size} messages fits in its entry`);
  const batch = acks(size);
  const messages: Message[] = [];
  let skipped = 0;
  for (let index = 0, at = 0; index < size; index++) {
    if (at + 4 > payload.length) throw new PulsarError('CORRUPT_MESSAGE', 'a batch ends before its last message');
    const start = at + 4;
    const middle = start + payload.readUInt32BE(at);
    if (middle > payload.length) throw new PulsarError('CORRUPT_MESSAGE', 'a batch ends inside a message');
    const single = readSingleMetadata(payload, start, middle);
    at = middle + single.payloadSize;
    if (at > payload.length || single.payloadSize < 0)
      throw new PulsarError('CORRUPT_MESSAGE', 'a batch ends inside a message');
    if (batch?.has(index)) continue;
    if (single.compactedOut || !wanted(index)) {
      skipped++;
      continue;
    }
    const id = new MessageId(ledgerId, entryId, partition, index, size);
    id.topic = topic;
    id.batch = batch;
    messages.push(new Message(shared, id, payload, middle, at, single, start, middle));
  }
  return { messages, skipped };
}

function refuseUnreadable({ metadata }: Entry): void {
  if (metadata.encrypted) throw new PulsarError('NOT_SUPPORTED', 'encrypted messages are not covered');
  if ((metadata.chunks ?? 1) > 1) throw new PulsarError('NOT_SUPPORTED', 'messages in chunks are not covered');
}
