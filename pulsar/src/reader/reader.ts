import type { ClientContext } from '../client-context';
import { Consumer } from '../consumer/consumer';
import { consumerSettings } from '../consumer/consumer-config';
import type { PartitionConsumer } from '../consumer/partition-consumer';
import type { Message } from '../message';
import type { MessageId } from '../message-id';
import { integer, refuse } from '../options';

/** Options of `Client.createReader`; names and defaults are those of `pulsar-client`. */
export interface ReaderConfig {
  topic: string;
  /** Reads what comes after this; `MessageId.earliest()`, `MessageId.latest()`. */
  startMessageId: MessageId;
  receiverQueueSize?: number;
  readerName?: string;
  subscriptionRolePrefix?: string;
  readCompacted?: boolean;
  /** Called with each message, one after the other; the next one waits for a promise that it returns. */
  listener?: (message: Message, reader: Reader) => unknown;
  // Not covered, and refused when set.
  privateKeyPath?: string;
}

/** Reads a topic from a position, without a subscription that lasts. Made by `Client.createReader`. */
export class Reader implements AsyncIterable<Message> {
  private readonly consumer: Consumer;
  /** The newest message of each partition, as far as it was asked for. */
  private readonly newest = new Map<PartitionConsumer, MessageId>();

  /** @internal */
  constructor(
    private readonly config: ReaderConfig,
    context: ClientContext,
  ) {
    refuse(config, ['privateKeyPath', 'cryptoKeyReader']);
    const random = Math.random().toString(36).slice(2, 12);
    const settings = consumerSettings({
      topic: config.topic,
      subscription: `${config.subscriptionRolePrefix ?? ''}reader-${random}`,
      receiverQueueSize: integer('receiverQueueSize', config.receiverQueueSize, 1_000, 1),
      ...(config.readerName !== undefined && { consumerName: config.readerName }),
      ...(config.readCompacted !== undefined && { readCompacted: config.readCompacted }),
    });
    const { listener } = config;
    const forward = listener && ((message: Message) => listener(message, this));
    this.consumer = new Consumer({ ...settings, startAt: config.startMessageId }, context, forward);
  }

  /** @internal */
  async open(): Promise<void> {
    await this.consumer.open();
    await this.refresh();
  }

  /** The next message; see `Consumer.receive`. */
  async readNext(timeout?: number): Promise<Message> {
    const message = await this.consumer.receive(timeout);
    // `hasNext` must answer at once, so what it needs is asked for now, when all that was known of is read.
    if (!this.hasNext()) await this.refresh().catch(() => undefined);
    return message;
  }

  /**
   * True when a message is known that was not read: by what the broker said when the reader was made, and when the last
   * message known was read. `hasMessageAvailable` asks the broker now.
   */
  hasNext(): boolean {
    if (this.consumer.ready > 0) return true;
    return [...this.newest].some(([partition, newest]) => isBefore(partition.position, newest));
  }

  /** Asks the broker whether there is a message that was not read. Not in the official client. */
  async hasMessageAvailable(): Promise<boolean> {
    await this.refresh();
    return this.hasNext();
  }

  isConnected(): boolean {
    return this.consumer.isConnected();
  }

  /** The next message is the one after this. */
  async seek(messageId: MessageId): Promise<null> {
    await this.consumer.seek(messageId);
    await this.refresh();
    return null;
  }

  /** The next message is the first one published at or after this time, in milliseconds since 1970. */
  async seekTimestamp(timestamp: number): Promise<null> {
    await this.consumer.seekTimestamp(timestamp);
    await this.refresh();
    return null;
  }

  close(): Promise<null> {
    return this.consumer.close();
  }

  /** Every message, those that come later too, until the reader is closed. */
  [Symbol.asyncIterator](): AsyncIterator<Message> {
    return this.consumer[Symbol.asyncIterator]();
  }

  /** Where it started. */
  get startMessageId(): MessageId {
    return this.config.startMessageId;
  }

  private async refresh(): Promise<void> {
    await Promise.all(
      this.consumer.partitions.map(async (partition) => {
        this.newest.set(partition, await partition.lastMessageId());
      }),
    );
  }
}

function isBefore(position: MessageId | undefined, newest: MessageId): boolean {
  // No entry: the topic is empty.
  if (newest.entryId < 0) return false;
  if (!position) return true;
  if (position.ledgerId !== newest.ledgerId) return position.ledgerId < newest.ledgerId;
  if (position.entryId !== newest.entryId) return position.entryId < newest.entryId;
  return position.batchIndex >= 0 && position.batchIndex < newest.batchIndex;
}
