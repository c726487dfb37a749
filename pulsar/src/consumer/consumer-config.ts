import { PulsarError } from '../errors';
import type { Message } from '../message';
import type { MessageId } from '../message-id';
import { choice, integer, refuse, requiredText } from '../options';
import type { SchemaInfo } from '../schema/schema';
import type { Consumer } from './consumer';

export type SubscriptionType = 'Exclusive' | 'Shared' | 'KeyShared' | 'Failover';
export type InitialPosition = 'Latest' | 'Earliest';

/** When `batchReceive` has enough: whichever comes first. -1 for no bound. */
export interface ConsumerBatchReceivePolicy {
  maxNumMessages?: number;
  maxNumBytes?: number;
  timeoutMs?: number;
}

/** Options of `Client.subscribe`; names and defaults are those of `pulsar-client` except where said. */
export interface ConsumerConfig {
  /** Either this or `topics`. */
  topic?: string;
  topics?: string[];
  subscription: string;
  /** KeyShared is not covered. */
  subscriptionType?: SubscriptionType;
  /** Where a new subscription begins. Default Latest. */
  subscriptionInitialPosition?: InitialPosition;
  /** A message not acknowledged for so long is delivered again; 0, the default: never; else at least 1 000. */
  ackTimeoutMs?: number;
  /** A message negatively acknowledged is delivered again after this. Default 60 000. */
  nAckRedeliverTimeoutMs?: number;
  /** Not in the official client: grows the delay with the number of deliveries, up to `maxDelayMs`. */
  negativeAckBackOff?: { multiplier: number; maxDelayMs: number };
  /** Messages kept ready, for each partition. Default 1 000. */
  receiverQueueSize?: number;
  /** The same for all partitions together. Default 50 000. */
  receiverQueueSizeAcrossPartitions?: number;
  consumerName?: string;
  properties?: Record<string, string>;
  /** Called with each message, one after the other; the next one waits for a promise that it returns. */
  listener?: (message: Message, consumer: Consumer) => unknown;
  readCompacted?: boolean;
  schema?: SchemaInfo;
  /** Tell the broker about messages acknowledged inside a batch (it must be enabled there). Default false. */
  batchIndexAckEnabled?: boolean;
  batchReceivePolicy?: ConsumerBatchReceivePolicy;
  replicateSubscriptionState?: boolean;
  /** Not in the official client: acknowledgements are collected for so long. 0: sent at once. Default 100. */
  ackGroupingTimeMs?: number;
  /** Not in the official client: acknowledging resolves when the broker has confirmed it. Default false. */
  ackReceiptEnabled?: boolean;
  // Not covered, and refused when set: see the README.
  topicsPattern?: string;
  privateKeyPath?: string;
  maxPendingChunkedMessage?: number;
  autoAckOldestChunkedMessageOnQueueFull?: number;
  regexSubscriptionMode?: 'PersistentOnly' | 'NonPersistentOnly' | 'AllTopics';
  deadLetterPolicy?: { deadLetterTopic: string; maxRedeliverCount?: number; initialSubscriptionName?: string };
}

const REFUSED = ['topicsPattern', 'privateKeyPath', 'cryptoKeyReader', 'maxPendingChunkedMessage', 'keySharedPolicy'];
const ALSO_REFUSED = ['autoAckOldestChunkedMessageOnQueueFull', 'regexSubscriptionMode', 'deadLetterPolicy'];

/** The options, checked, with defaults. */
export type ConsumerSettings = ReturnType<typeof consumerSettings>;

/** Raises INVALID_CONFIGURATION or NOT_SUPPORTED for what cannot be. */
export function consumerSettings(config: ConsumerConfig) {
  refuse(config, [...REFUSED, ...ALSO_REFUSED]);
  if (config.subscriptionType === 'KeyShared') refuse(config, ['subscriptionType']);
  const topics = [...(config.topics ?? []), ...(config.topic === undefined ? [] : [config.topic])];
  if (topics.length === 0) throw new PulsarError('INVALID_CONFIGURATION', 'topic or topics must be given');
  const ackTimeoutMs = integer('ackTimeoutMs', config.ackTimeoutMs, 0, 0);
  if (ackTimeoutMs > 0) integer('ackTimeoutMs', ackTimeoutMs, 0, 1_000);
  const nackDelayMs = integer('nAckRedeliverTimeoutMs', config.nAckRedeliverTimeoutMs, 60_000, 0);
  return {
    topics: topics.map((topic) => requiredText('topic', topic)),
    subscription: requiredText('subscription', config.subscription),
    type: choice('subscriptionType', config.subscriptionType, 'Exclusive', ['Exclusive', 'Shared', 'Failover']),
    initialPosition: choice('subscriptionInitialPosition', config.subscriptionInitialPosition, 'Latest', [
      'Latest',
      'Earliest',
    ]),
    ackTimeoutMs,
    nackDelayMs,
    nackMultiplier: config.negativeAckBackOff?.multiplier ?? 1,
    nackMaxDelayMs: config.negativeAckBackOff?.maxDelayMs ?? nackDelayMs,
    queueSize: integer('receiverQueueSize', config.receiverQueueSize, 1_000, 1),
    queueSizeInAll: integer('receiverQueueSizeAcrossPartitions', config.receiverQueueSizeAcrossPartitions, 50_000, 1),
    name: config.consumerName ?? `emitter-${Math.random().toString(36).slice(2, 8)}`,
    properties: config.properties,
    readCompacted: config.readCompacted,
    replicateState: config.replicateSubscriptionState,
    schema: config.schema,
    batchIndexAck: config.batchIndexAckEnabled ?? false,
    batchReceive: {
      maxMessages: unbounded(config.batchReceivePolicy?.maxNumMessages, -1),
      maxBytes: unbounded(config.batchReceivePolicy?.maxNumBytes, 10 * 1024 * 1024),
      timeoutMs: config.batchReceivePolicy?.timeoutMs ?? 100,
    },
    ackGroupMs: integer('ackGroupingTimeMs', config.ackGroupingTimeMs, 100, 0),
    ackReceipts: config.ackReceiptEnabled ?? false,
    /** Readers: where to begin, without a subscription that lasts. */
    startAt: undefined as MessageId | undefined,
  };
}

function unbounded(value: number | undefined, fallback: number): number {
  const bound = value ?? fallback;
  return bound <= 0 ? Infinity : bound;
}
