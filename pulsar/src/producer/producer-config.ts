import type { CompressionType } from '../compression/codec';
import { COMPRESSION } from '../compression/codec';
import { PulsarError } from '../errors';
import type { Message } from '../message';
import { choice, integer, refuse, requiredText } from '../options';
import type { SchemaInfo } from '../schema/schema';

export type MessageRoutingMode = 'UseSinglePartition' | 'RoundRobinDistribution' | 'CustomPartition';
export type HashingScheme = 'Murmur3_32Hash' | 'BoostHash' | 'JavaStringHash';
/** Chooses the partition, 0 to `numPartitions - 1`, for `messageRoutingMode: 'CustomPartition'`. */
export type MessageRouter = (message: Message, topicMetadata: { numPartitions: number }) => number;

/** Options of `Client.createProducer`; names and defaults are those of `pulsar-client` except where said. */
export interface ProducerConfig {
  topic: string;
  /** Unique on the topic. Given: deduplication works across restarts. Not given: the broker makes one up. */
  producerName?: string;
  /** After this without a receipt `send` raises SEND_TIMEOUT; 0: never. Default 30 000. */
  sendTimeoutMs?: number;
  /** Number of the first message. Default: one more than the broker remembers of this name. */
  initialSequenceId?: number;
  /** Messages without receipt, for each partition. Default 1 000. */
  maxPendingMessages?: number;
  /** The same for all partitions together. Default 50 000. */
  maxPendingMessagesAcrossPartitions?: number;
  /** At the bound (messages, or bytes of the client's `memoryLimitBytes`): wait, or raise QUEUE_FULL. Default false. */
  blockIfQueueFull?: boolean;
  messageRoutingMode?: MessageRoutingMode;
  /** Default Murmur3_32Hash (official: BoostHash, which is not covered). */
  hashingScheme?: HashingScheme;
  messageRouter?: MessageRouter;
  /** None, Zlib; ZSTD on Node 22.15 and newer. */
  compressionType?: CompressionType;
  batchingEnabled?: boolean;
  /** A batch waits at most this long for more. Default 10. */
  batchingMaxPublishDelayMs?: number;
  batchingMaxMessages?: number;
  batchingMaxAllowedSizeInBytes?: number;
  properties?: Record<string, string>;
  schema?: SchemaInfo;
  // Not covered, and refused when set: see the README.
  publicKeyPath?: string;
  encryptionKey?: string;
  encryptionKeys?: string[];
  chunkingEnabled?: boolean;
  accessMode?: 'Shared' | 'Exclusive' | 'WaitForExclusive' | 'ExclusiveWithFencing';
  batchingType?: 'DefaultBatching' | 'KeyBasedBatching';
}

/** The options, checked, with defaults. */
export type ProducerSettings = ReturnType<typeof producerSettings>;

/** Raises INVALID_CONFIGURATION or NOT_SUPPORTED for what cannot be. */
export function producerSettings(config: ProducerConfig) {
  refuse(config, ['publicKeyPath', 'encryptionKey', 'encryptionKeys', 'cryptoKeyReader', 'chunkingEnabled']);
  if ((config.accessMode ?? 'Shared') !== 'Shared') refuse(config, ['accessMode']);
  if ((config.batchingType ?? 'DefaultBatching') !== 'DefaultBatching') refuse(config, ['batchingType']);
  if (config.hashingScheme === 'BoostHash') refuse(config, ['hashingScheme']);
  if (config.compressionType === 'LZ4' || config.compressionType === 'SNAPPY') refuse(config, ['compressionType']);
  if (config.messageRoutingMode === 'CustomPartition' && !config.messageRouter) {
    throw new PulsarError('INVALID_CONFIGURATION', 'CustomPartition needs a messageRouter');
  }
  return {
    topic: requiredText('topic', config.topic),
    name: config.producerName,
    sendTimeoutMs: integer('sendTimeoutMs', config.sendTimeoutMs, 30_000, 0),
    initialSequenceId: integer('initialSequenceId', config.initialSequenceId, -1, 0),
    maxPendingMessages: integer('maxPendingMessages', config.maxPendingMessages, 1_000, 1),
    maxPendingInAll: integer(
      'maxPendingMessagesAcrossPartitions',
      config.maxPendingMessagesAcrossPartitions,
      50_000,
      1,
    ),
    blockIfQueueFull: config.blockIfQueueFull ?? false,
    routingMode: choice('messageRoutingMode', config.messageRoutingMode, 'UseSinglePartition', [
      'UseSinglePartition',
      'RoundRobinDistribution',
      'CustomPartition',
    ]),
    hashingScheme: choice('hashingScheme', config.hashingScheme, 'Murmur3_32Hash', [
      'Murmur3_32Hash',
      'JavaStringHash',
    ]),
    messageRouter: config.messageRouter,
    compression: choice(
      'compressionType',
      config.compressionType,
      'None',
      Object.keys(COMPRESSION) as CompressionType[],
    ),
    batching: config.batchingEnabled ?? true,
    batchDelayMs: integer('batchingMaxPublishDelayMs', config.batchingMaxPublishDelayMs, 10, 0),
    batchMessages: integer('batchingMaxMessages', config.batchingMaxMessages, 1_000, 1),
    batchBytes: integer('batchingMaxAllowedSizeInBytes', config.batchingMaxAllowedSizeInBytes, 128 * 1024, 1),
    properties: config.properties,
    schema: config.schema,
  };
}
