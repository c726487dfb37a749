import type { MessageId } from './message-id';
import type { Metadata, SingleMetadata } from './wire/metadata';
import { readProperties, type Properties } from './wire/properties';

/** A message as it is given to a producer. */
export interface ProducerMessage {
  data: Buffer;
  properties?: Record<string, string>;
  /** Milliseconds since 1970, from the application. */
  eventTimestamp?: number;
  /** Instead of the producer's own count; must grow, for deduplication. */
  sequenceId?: number;
  /** Chooses the partition, and is kept with the message. */
  partitionKey?: string;
  orderingKey?: string;
  replicationClusters?: string[];
  /** Milliseconds from now; Shared subscriptions only. */
  deliverAfter?: number;
  /** Milliseconds since 1970; Shared subscriptions only. */
  deliverAt?: number;
  disableReplication?: boolean;
}

/** What is not replicated to any cluster says so in the place of the clusters. */
export const NO_REPLICATION = '__local__';

/** What the messages of one entry have in common. @internal */
export interface EntryOfMessage {
  topic: string;
  metadata: Metadata;
  redeliveryCount: number;
}

/**
 * A received message. Data and properties are views of what came over the network, decoded when asked for; one message
 * that is kept for long keeps its batch in memory: copy the data then.
 */
export class Message {
  /** @internal */
  constructor(
    private readonly entry: EntryOfMessage,
    private readonly id: MessageId,
    private readonly bytes: Buffer,
    private readonly start: number,
    private readonly end: number,
    // Its own metadata, in a batch, and where its properties are.
    private readonly single: SingleMetadata | undefined,
    private readonly singleStart: number,
    private readonly singleEnd: number,
  ) {}

  /** Full name of the topic partition it is in. */
  getTopicName(): string {
    return this.entry.topic;
  }

  getProperties(): Properties {
    if (!this.single) return this.entry.metadata.properties ?? {};
    return readProperties(this.bytes, this.singleStart, this.singleEnd, 1);
  }

  /** The payload: a view, not a copy. */
  getData(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  getMessageId(): MessageId {
    return this.id;
  }

  /** When the producer sent it, by its own clock: milliseconds since 1970. */
  getPublishTimestamp(): number {
    return this.entry.metadata.publishTime;
  }

  /** What the producer gave as the time of the event; 0 for nothing. */
  getEventTimestamp(): number {
    return (this.single ?? this.entry.metadata).eventTime ?? 0;
  }

  /** How often the broker delivered it before; forgotten when the broker or the subscription's consumers restart. */
  getRedeliveryCount(): number {
    return this.entry.redeliveryCount;
  }

  /** The key; '' for none. A binary key is given as it is on the wire: base64. */
  getPartitionKey(): string {
    return (this.single ?? this.entry.metadata).partitionKey ?? '';
  }

  /** The ordering key as text; '' for none. */
  getOrderingKey(): string {
    const key = (this.single ?? this.entry.metadata).orderingKey;
    return key ? Buffer.from(key).toString() : '';
  }

  getProducerName(): string {
    return this.entry.metadata.producerName;
  }

  /** The producer's number of the message. */
  getSequenceId(): number {
    const { sequenceId } = this.entry.metadata;
    return this.single ? (this.single.sequenceId ?? sequenceId + this.id.batchIndex) : sequenceId;
  }

  /** Version of the topic's schema that the producer declared, as the broker numbers it; null for none. */
  getSchemaVersion(): Buffer | null {
    const version = this.entry.metadata.schemaVersion;
    return version ? Buffer.from(version) : null;
  }

  isReplicated(): boolean {
    return this.getReplicatedFrom() !== '';
  }

  getReplicatedFrom(): string {
    return this.entry.metadata.replicatedFrom ?? '';
  }

  /** Encryption is not covered: an encrypted message is refused before it gets here. */
  getEncryptionContext(): null {
    return null;
  }
}
