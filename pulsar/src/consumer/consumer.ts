import type { ClientContext } from '../client-context';
import { monotonicMs } from '../clock';
import { PulsarError } from '../errors';
import type { Message } from '../message';
import type { MessageId } from '../message-id';
import type { ConsumerSettings } from './consumer-config';
import { Inbox } from './inbox';
import type { PartitionConsumer } from './partition-consumer';
import { TopicGroup } from './topic-group';

/** Receives the messages of a subscription. Made by `Client.subscribe`. */
export class Consumer implements AsyncIterable<Message> {
  private readonly inbox = new Inbox();
  private readonly topics: TopicGroup;
  private ended: PulsarError | undefined;

  /** @internal */
  constructor(
    private readonly settings: ConsumerSettings,
    private readonly context: ClientContext,
    private readonly listener: ((message: Message, consumer: Consumer) => unknown) | undefined,
  ) {
    this.topics = new TopicGroup(settings, this.inbox, context, (error) => this.end(error));
  }

  /** @internal */
  async open(): Promise<void> {
    await this.topics.open();
    if (this.listener) void this.listen(this.listener);
  }

  /**
   * The next message. Raises RECEIVE_TIMEOUT after `timeout` milliseconds without one, CLOSED, and for a message that
   * cannot be read (it stays unacknowledged) CODEC_UNSUPPORTED, CORRUPT_MESSAGE or NOT_SUPPORTED.
   */
  receive(timeout?: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      if (timeout !== undefined) {
        const timer = setTimeout(() => {
          if (this.inbox.cancel(waiting))
            reject(new PulsarError('RECEIVE_TIMEOUT', `Failed to receive message: TimeOut after ${timeout} ms`));
        }, timeout);
        waiting.resolve = (message) => {
          clearTimeout(timer);
          resolve(message);
        };
        waiting.reject = (error: PulsarError) => {
          clearTimeout(timer);
          reject(error);
        };
      }
      this.inbox.take(waiting);
    });
  }

  /** As many messages as `batchReceivePolicy` allows; fewer, or none, when its time is over. Raises what `receive` does. */
  async batchReceive(): Promise<Message[]> {
    const { maxMessages, maxBytes, timeoutMs } = this.settings.batchReceive;
    const messages: Message[] = [];
    let bytes = 0;
    const deadline = timeoutMs > 0 ? monotonicMs() + timeoutMs : Infinity;
    while (messages.length < maxMessages && bytes < maxBytes) {
      // A first message is taken whatever its size, or it never would be.
      let next = this.pollReady(messages, maxBytes - bytes);
      if (!next) {
        if (messages.length > 0 && this.inbox.length > 0) break;
        next = await this.receive(deadline === Infinity ? undefined : Math.max(0, deadline - monotonicMs())).catch(
          (error: unknown) => {
            if (error instanceof PulsarError && (error.code === 'RECEIVE_TIMEOUT' || messages.length > 0))
              return undefined;
            throw error;
          },
        );
      }
      if (!next) break;
      messages.push(next);
      bytes += next.getData().length;
    }
    return messages;
  }

  /** Every message, until the consumer is closed. */
  async *[Symbol.asyncIterator](): AsyncIterator<Message> {
    for (;;) {
      let message: Message;
      try {
        message = await this.receive();
      } catch (error) {
        if (error instanceof PulsarError && error.code === 'CLOSED') return;
        throw error;
      }
      yield message;
    }
  }

  /** Done with this message. Resolves at once, or with `ackReceiptEnabled` when the broker has stored it. */
  acknowledge(message: Message): Promise<null> {
    return this.acknowledgeId(message.getMessageId());
  }

  async acknowledgeId(messageId: MessageId): Promise<null> {
    await this.partitionOf(messageId).acks.acknowledge(messageId);
    return null;
  }

  /** Done with this message and all before it in its partition. Not for Shared subscriptions. */
  acknowledgeCumulative(message: Message): Promise<null> {
    return this.acknowledgeCumulativeId(message.getMessageId());
  }

  async acknowledgeCumulativeId(messageId: MessageId): Promise<null> {
    if (this.settings.type === 'Shared')
      throw new PulsarError('INVALID_CONFIGURATION', 'a Shared subscription has no order to acknowledge along');
    await this.partitionOf(messageId).acks.acknowledgeCumulative(messageId);
    return null;
  }

  /**
   * Asks for a message again after `nAckRedeliverTimeoutMs`. On Shared subscriptions for its entry alone; on the others,
   * which keep the order, for everything from the oldest message that is not acknowledged.
   */
  negativeAcknowledge(message: Message): void {
    const id = message.getMessageId();
    this.partitionOf(id).acks.refuse(id, message.getRedeliveryCount());
  }

  negativeAcknowledgeId(messageId: MessageId): void {
    this.partitionOf(messageId).acks.refuse(messageId, 0);
  }

  /** Asks for everything that was delivered and is not acknowledged, now. */
  redeliverUnacknowledgedMessages(): void {
    for (const partition of this.topics.all) partition.redeliverAll();
  }

  /** Moves the subscription: the next message is the one after `messageId` (also inside a batch). */
  async seek(messageId: MessageId): Promise<null> {
    const { all } = this.topics;
    const everywhere = messageId.ledgerId < 0 || messageId.toString() === EVERYTHING_READ;
    const targets = all.length === 1 || everywhere ? all : [this.partitionOf(messageId)];
    await Promise.all(targets.map((partition) => partition.seek({ messageId })));
    return null;
  }

  /** Moves the subscription to the first message published at or after this time, in milliseconds since 1970. */
  async seekTimestamp(timestamp: number): Promise<null> {
    await Promise.all(this.topics.all.map((partition) => partition.seek({ publishTime: timestamp })));
    return null;
  }

  /** True when it is attached for every partition. */
  isConnected(): boolean {
    return !this.ended && this.topics.all.every(({ attachment }) => attachment.state === 'connected');
  }

  /** Partitions for which this is the consumer that gets the messages: of a Failover subscription some, otherwise all. */
  getActiveTopics(): string[] {
    return this.topics.all
      .filter(({ active, attachment }) => active && attachment.state === 'connected')
      .map(({ topic }) => topic);
  }

  /** The newest message of each partition, by its topic name. */
  async getLastMessageIds(): Promise<Map<string, MessageId>> {
    const entries = this.topics.all.map(
      async (partition) => [partition.topic, await partition.lastMessageId()] as const,
    );
    return new Map(await Promise.all(entries));
  }

  /** Sends the acknowledgements that wait, and leaves. Messages that are not acknowledged go to other consumers. */
  async close(): Promise<null> {
    if (this.ended?.code === 'CLOSED') return null;
    this.end(new PulsarError('CLOSED', 'the consumer is closed'));
    await this.topics.close();
    this.context.members.delete(this);
    return null;
  }

  /** Deletes the subscription, and closes. */
  async unsubscribe(): Promise<null> {
    await Promise.all(this.topics.all.map((partition) => partition.unsubscribe()));
    return this.close();
  }

  /** @internal For readers. */
  get partitions(): PartitionConsumer[] {
    return this.topics.all;
  }

  /** @internal Messages that are here and were not taken. */
  get ready(): number {
    return this.inbox.length;
  }

  private pollReady(have: Message[], maxBytes: number): Message | undefined {
    try {
      return this.inbox.poll(have.length === 0 ? Infinity : maxBytes);
    } catch (error) {
      // What was read already is given out first; the error comes with the next entry that cannot be read.
      if (have.length === 0) throw error;
      return undefined;
    }
  }

  private partitionOf(id: MessageId): PartitionConsumer {
    const { all } = this.topics;
    const found =
      (id.topic === undefined ? undefined : this.topics.get(id.topic)) ??
      (all.length === 1
        ? all[0]
        : all.find(({ topic }) => this.settings.topics.length === 1 && topic.endsWith(`-partition-${id.partition}`)));
    if (found) return found;
    throw this.ended ?? new PulsarError('INVALID_CONFIGURATION', `${id.toString()} is of no topic of this consumer`);
  }

  private async listen(listener: (message: Message, consumer: Consumer) => unknown): Promise<void> {
    for (;;) {
      try {
        const message = await this.receive();
        await listener(message, this);
      } catch (error) {
        if (this.ended) return;
        // A listener that throws, or a message that cannot be read, must not stop the next one.
        this.context.log('ERROR', `listener on ${this.settings.subscription}: ${String(error)}`);
      }
    }
  }

  private end(error: PulsarError): void {
    this.ended ??= error;
    this.topics.stopWatching();
    this.inbox.end(this.ended);
  }
}

const EVERYTHING_READ = '(9223372036854775807,9223372036854775807,-1,-1)';
