import type { ClientContext } from '../client-context';
import { PulsarError } from '../errors';
import { PartitionWatch } from '../lookup/partition-watch';
import type { MessageId } from '../message-id';
import type { ProducerMessage } from '../message';
import { partitionName } from '../lookup/topic-name';
import { Router } from '../routing/router';
import { PartitionProducer } from './partition-producer';
import type { ProducerSettings } from './producer-config';
import { Room } from './room';

/** Sends messages to a topic, partitioned or not. Made by `Client.createProducer`. */
export class Producer {
  private partitions: PartitionProducer[] = [];
  private readonly room: Room;
  private readonly router: Router;
  private watch: PartitionWatch | undefined;
  private ended: PulsarError | undefined;

  /** @internal */
  constructor(
    private readonly topic: string,
    private readonly settings: ProducerSettings,
    private readonly context: ClientContext,
  ) {
    this.room = new Room(settings.maxPendingMessages, context.memory, settings.blockIfQueueFull);
    this.router = new Router(settings);
  }

  /** @internal Attaches to every partition, or to none. */
  async open(): Promise<void> {
    const count = await this.context.lookup.partitions(this.topic);
    try {
      if (count === 0) await this.add([this.topic]);
      else {
        await this.addPartitions(count);
        this.watch = new PartitionWatch(this.context, this.topic, count, (now) => this.addPartitions(now));
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Resolves with the place of the message when the broker has stored it; `(-1,-1)` in it when deduplication found that
   * it had been stored before. Raises SEND_TIMEOUT, QUEUE_FULL, MESSAGE_TOO_LARGE, QUOTA_EXCEEDED, TOPIC_TERMINATED, CLOSED.
   */
  send(message: ProducerMessage): Promise<MessageId> {
    return new Promise((resolve, reject) => {
      const bytes = sizeOf(message);
      this.room.ask(
        bytes,
        () => {
          const sending = { message, bytes, resolve, reject };
          try {
            if (this.ended) throw this.ended;
            this.partitionFor(message).send(sending);
          } catch (error) {
            this.room.release(1, bytes);
            reject(PulsarError.from(error, 'INVALID_CONFIGURATION'));
          }
        },
        reject,
      );
    });
  }

  /** Sends what waits in batches; resolves when everything given to `send` so far has its receipt, or has failed. */
  async flush(): Promise<null> {
    await Promise.all(this.partitions.map((partition) => partition.flush()));
    return null;
  }

  /** Flushes, then closes. What has no receipt within the operation timeout fails with CLOSED. */
  async close(): Promise<null> {
    if (this.ended?.code === 'CLOSED') return null;
    this.ended = new PulsarError('CLOSED', 'the producer is closed', { details: { topic: this.topic } });
    this.watch?.stop();
    const closed = this.ended;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.context.closeTimeoutMs);
    });
    await Promise.race([this.flush(), limit]);
    clearTimeout(timer);
    this.room.close(closed);
    for (const partition of this.partitions) partition.abort(closed);
    await Promise.all(this.partitions.map(({ attachment }) => attachment.close()));
    for (const { attachment } of this.partitions) this.context.attachments.delete(attachment);
    this.context.members.delete(this);
    return null;
  }

  /** The name given, or made up by the broker. */
  getProducerName(): string {
    return this.partitions[0]?.producerName ?? '';
  }

  getTopic(): string {
    return this.topic;
  }

  /** True when it is attached for every partition. */
  isConnected(): boolean {
    return !this.ended && this.partitions.every(({ attachment }) => attachment.state === 'connected');
  }

  /** Number of the last message sent, or of the last one that the broker remembers of this name; -1: none. Not partitioned topics only. */
  getLastSequenceId(): number {
    return this.partitions[0]?.lastSequenceId ?? -1;
  }

  /** Messages and bytes that wait for their receipt; `open`: whether one more would be taken without waiting. */
  getPending(): { messages: number; open: boolean } {
    return { messages: this.room.messages, open: this.room.open };
  }

  private partitionFor(message: ProducerMessage): PartitionProducer {
    const all = this.partitions;
    const index = all.length === 1 ? 0 : this.router.choose(message, all.length, (i) => all[i]?.betweenBatches ?? true);
    return all[index]!;
  }

  private async addPartitions(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => partitionName(this.topic, i));
    await this.add(names.slice(this.partitions.length));
    this.room.maxMessages = Math.min(this.settings.maxPendingInAll, count * this.settings.maxPendingMessages);
  }

  private async add(topics: string[]): Promise<void> {
    const { context } = this;
    const added = topics.map(
      (topic) =>
        new PartitionProducer(topic, context.nextProducerId(), this.settings, this.room, context, (error) =>
          this.onGone(error),
        ),
    );
    try {
      await Promise.all(
        added.map((partition) => {
          context.attachments.add(partition.attachment);
          return partition.attachment.open();
        }),
      );
    } catch (error) {
      await Promise.all(added.map(({ attachment }) => attachment.close()));
      for (const { attachment } of added) context.attachments.delete(attachment);
      throw error;
    }
    this.partitions = [...this.partitions, ...added];
  }

  private onGone(error: PulsarError): void {
    this.ended ??= error;
    this.watch?.stop();
    this.room.close(error);
  }
}

function sizeOf({ data, partitionKey, properties }: ProducerMessage): number {
  let size = data.length + (partitionKey?.length ?? 0);
  for (const key in properties) size += key.length + properties[key]!.length + 8;
  return size;
}
