import { COMPRESSION, compress, type CompressionType } from '../compression/codec';
import { NO_REPLICATION, type ProducerMessage } from '../message';
import type { Metadata } from '../wire/metadata';
import { sendHeader } from '../wire/send';
import type { Batch } from './batch';
import type { Pending, Sending } from './sending';

/** What is the same for all entries of a producer. */
export interface EntryContext {
  producerId: number;
  producerName: string;
  schemaVersion: Uint8Array | undefined;
  compression: CompressionType;
  /** Date.now() */
  now: number;
  deadline: number;
}

/** Makes an entry of a batch. */
export function encodeBatch(batch: Batch, context: EntryContext): Pending {
  const { firstSequenceId: sequenceId, lastSequenceId: highestSequenceId, messages } = batch;
  const metadata = { sequenceId, highestSequenceId, messagesInBatch: messages.length };
  return encode(batch.payload(), metadata, messages, context);
}

/** Makes an entry of one message. */
export function encodeSingle(sending: Sending, sequenceId: number, context: EntryContext): Pending {
  const { message } = sending;
  const metadata = {
    sequenceId,
    properties: message.properties,
    partitionKey: message.partitionKey,
    orderingKey: message.orderingKey === undefined ? undefined : Buffer.from(message.orderingKey),
    eventTime: message.eventTimestamp,
    replicateTo: message.disableReplication ? [NO_REPLICATION] : message.replicationClusters,
    deliverAt:
      message.deliverAt ?? (message.deliverAfter === undefined ? undefined : context.now + message.deliverAfter),
  };
  return encode(message.data, metadata, [sending], context);
}

/** What these ask for is said for a whole entry, so such a message has one to itself. */
export function needsOwnEntry({
  deliverAt,
  deliverAfter,
  replicationClusters,
  disableReplication,
}: ProducerMessage): boolean {
  return (
    deliverAt !== undefined ||
    deliverAfter !== undefined ||
    replicationClusters !== undefined ||
    disableReplication === true
  );
}

type Own = Partial<Metadata> & { sequenceId: number };

function encode(raw: Buffer, own: Own, messages: Sending[], context: EntryContext): Pending {
  const { producerId, producerName, schemaVersion, compression, now, deadline } = context;
  const payload = compress(compression, raw);
  const metadata: Metadata = {
    ...own,
    producerName,
    publishTime: now,
    schemaVersion,
    compression: COMPRESSION[compression],
    uncompressedSize: raw.length,
  };
  const { sequenceId, highestSequenceId } = own;
  const header = sendHeader(
    { producerId, sequenceId, highestSequenceId, messages: messages.length },
    metadata,
    payload,
  );
  return {
    sequenceId,
    messages,
    batched: own.messagesInBatch !== undefined,
    header,
    payload,
    deadline,
    settled: false,
  };
}
