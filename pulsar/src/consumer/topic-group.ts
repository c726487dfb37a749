import type { ClientContext } from '../client-context';
import type { PulsarError } from '../errors';
import { PartitionWatch } from '../lookup/partition-watch';
import { fullTopicName, partitionName } from '../lookup/topic-name';
import type { ConsumerSettings } from './consumer-config';
import type { Inbox } from './inbox';
import { PartitionConsumer } from './partition-consumer';

/** The partition consumers of one or more topics, and of the partitions they get later. */
export class TopicGroup {
  private readonly byTopic = new Map<string, PartitionConsumer>();
  private readonly watches: PartitionWatch[] = [];

  constructor(
    private readonly settings: ConsumerSettings,
    private readonly inbox: Inbox,
    private readonly context: ClientContext,
    private readonly onGone: (error: PulsarError) => void,
  ) {}

  get all(): PartitionConsumer[] {
    return [...this.byTopic.values()];
  }

  get(topicPartition: string): PartitionConsumer | undefined {
    return this.byTopic.get(topicPartition);
  }

  /** Attaches to all, or to none. */
  async open(): Promise<void> {
    const topics = [...new Set(this.settings.topics.map(fullTopicName))];
    const counts = await Promise.all(topics.map((topic) => this.context.lookup.partitions(topic)));
    const names = topics.map((topic, i) => namesOf(topic, counts[i]!));
    const total = names.flat().length;
    const queueSize = Math.max(1, Math.min(this.settings.queueSize, Math.floor(this.settings.queueSizeInAll / total)));
    await this.add(names.flat(), queueSize);
    topics.forEach((topic, i) => {
      const count = counts[i]!;
      if (count === 0) return;
      const more = (now: number): Promise<void> => this.add(namesOf(topic, now), queueSize);
      this.watches.push(new PartitionWatch(this.context, topic, count, more));
    });
  }

  async close(): Promise<void> {
    this.stopWatching();
    await Promise.all(this.all.map((partition) => partition.close()));
    for (const { attachment } of this.all) this.context.attachments.delete(attachment);
  }

  stopWatching(): void {
    for (const watch of this.watches) watch.stop();
  }

  private async add(names: string[], queueSize: number): Promise<void> {
    const { context } = this;
    const added = names
      .filter((name) => !this.byTopic.has(name))
      .map(
        (name) =>
          new PartitionConsumer(
            name,
            context.nextConsumerId(),
            this.settings,
            queueSize,
            this.inbox,
            context,
            this.onGone,
          ),
      );
    // Known before it is attached, because its first message may be acknowledged while others still attach.
    for (const partition of added) this.byTopic.set(partition.topic, partition);
    for (const { attachment } of added) context.attachments.add(attachment);
    const results = await Promise.allSettled(added.map(({ attachment }) => attachment.open()));
    const failure = results.find((result) => result.status === 'rejected');
    if (!failure) return;
    await Promise.all(added.map((partition) => partition.close()));
    for (const { topic, attachment } of added) {
      this.byTopic.delete(topic);
      context.attachments.delete(attachment);
    }
    throw failure.reason;
  }
}

function namesOf(topic: string, partitions: number): string[] {
  return partitions === 0 ? [topic] : Array.from({ length: partitions }, (_, i) => partitionName(topic, i));
}
