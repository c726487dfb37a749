import { PulsarError } from './errors';
import type { BatchAcks } from './consumer/batch-acks';
import { MessageIdData } from './wire/commands';
import { Reader } from './wire/reader';
import { MAX_LONG, Writer } from './wire/writer';

/** Where a message is in its topic. Ids of one partition can be compared; `serialize` gives bytes to keep. */
export class MessageId {
  /** @internal The topic partition it came from; not part of the bytes. */
  topic: string | undefined;
  /** @internal What of its batch is acknowledged, when it was received in one. */
  batch: BatchAcks | undefined;

  /**
   * @param ledgerId -1 when the broker saw that it has the message already (deduplication)
   * @param partition -1 when the topic is not partitioned
   * @param batchIndex place in its batch, -1 when it is in none
   */
  constructor(
    readonly ledgerId: number,
    readonly entryId: number,
    readonly partition = -1,
    readonly batchIndex = -1,
    readonly batchSize = 0,
  ) {}

  /** Before the oldest message. */
  static earliest(): MessageId {
    return new MessageId(-1, -1);
  }

  /** After the newest message. */
  static latest(): MessageId {
    return new MessageId(MAX_LONG, MAX_LONG);
  }

  /** Reads what `serialize` of this or of any official client wrote. Raises PROTOCOL_ERROR. */
  static deserialize(data: Buffer): MessageId {
    return MessageId.of(MessageIdData.read(new Reader(data)));
  }

  /** @internal From the wire. */
  static of(id: MessageIdData, topic?: string): MessageId {
    const made = new MessageId(id.ledgerId, id.entryId, id.partition ?? -1, id.batchIndex ?? -1, id.batchSize ?? 0);
    made.topic = topic;
    return made;
  }

  /** The bytes that every Pulsar client reads. */
  serialize(): Buffer {
    const writer = new Writer(32);
    const { ledgerId, entryId, partition, batchIndex, batchSize } = this;
    MessageIdData.write(writer, {
      ledgerId,
      entryId,
      partition: partition < 0 ? undefined : partition,
      batchIndex: batchIndex < 0 ? undefined : batchIndex,
      batchSize: batchSize > 0 ? batchSize : undefined,
    });
    return Buffer.from(writer.view());
  }

  /** `(ledger,entry,partition,batch index)`, as the official client writes it. */
  toString(): string {
    return `(${long(this.ledgerId)},${long(this.entryId)},${this.partition},${this.batchIndex})`;
  }

  /** Below 0 when this message is before the other, above 0 when after. Raises for ids of two partitions. */
  compareTo(other: MessageId): number {
    if (this.partition >= 0 && other.partition >= 0 && this.partition !== other.partition) {
      throw new PulsarError('INVALID_CONFIGURATION', 'ids of two partitions have no order');
    }
    return this.ledgerId - other.ledgerId || this.entryId - other.entryId || this.batchIndex - other.batchIndex;
  }
}

function long(value: number): string {
  return value >= MAX_LONG ? '9223372036854775807' : String(value);
}
