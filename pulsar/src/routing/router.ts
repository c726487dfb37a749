import { PulsarError } from '../errors';
import { Message, type ProducerMessage } from '../message';
import { MessageId } from '../message-id';
import type { ProducerSettings } from '../producer/producer-config';
import { javaStringHash, murmur3 } from './murmur3';

/** Chooses the partition of each message. */
export class Router {
  private current: number;
  private started = false;

  constructor(
    private readonly settings: Pick<ProducerSettings, 'routingMode' | 'hashingScheme' | 'messageRouter' | 'batching'>,
    random: () => number = Math.random,
  ) {
    this.current = Math.floor(random() * 2 ** 20);
  }

  /**
   * With a key: by its hash. Without: always the same partition (UseSinglePartition), or one after the other
   * (RoundRobinDistribution), changing when a batch is complete, so that batches do not shrink with more partitions.
   * @param betweenBatches whether a partition collects no batch right now
   */
  choose(message: ProducerMessage, partitions: number, betweenBatches: (partition: number) => boolean): number {
    const { routingMode, hashingScheme, messageRouter, batching } = this.settings;
    if (routingMode === 'CustomPartition' && messageRouter) {
      const chosen = messageRouter(asMessage(message), { numPartitions: partitions });
      if (Number.isInteger(chosen) && chosen >= 0 && chosen < partitions) return chosen;
      throw new PulsarError('INVALID_CONFIGURATION', `the message router chose partition ${chosen} of ${partitions}`);
    }
    if (message.partitionKey !== undefined) {
      return (hashingScheme === 'JavaStringHash' ? javaStringHash : murmur3)(message.partitionKey) % partitions;
    }
    if (routingMode === 'RoundRobinDistribution') {
      if (this.started && (!batching || betweenBatches(this.current % partitions))) this.current++;
      this.started = true;
    }
    return this.current % partitions;
  }
}

function asMessage(message: ProducerMessage): Message {
  const { data, properties, partitionKey, eventTimestamp, sequenceId = 0 } = message;
  const metadata = {
    producerName: '',
    sequenceId,
    publishTime: 0,
    properties,
    partitionKey,
    eventTime: eventTimestamp,
  };
  const entry = { topic: '', metadata, redeliveryCount: 0 };
  return new Message(entry, new MessageId(-1, -1), data, 0, data.length, undefined, 0, 0);
}
