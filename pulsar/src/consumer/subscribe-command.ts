import type { MessageId } from '../message-id';
import { toWireSchema } from '../schema/schema';
import { toPairs } from '../wire/properties';
import type { ConsumerSettings } from './consumer-config';

const TYPES = { Exclusive: 0, Shared: 1, Failover: 2, KeyShared: 3 };

/**
 * The content of SUBSCRIBE.
 * @param start where a reader begins: after this; undefined for subscriptions that last
 * @param consumerEpoch what the broker marks its messages with, see `PartitionConsumer`
 */
export function subscribeCommand(
  settings: ConsumerSettings,
  own: { topic: string; consumerId: number; requestId: number; consumerEpoch: number; start: MessageId | undefined },
) {
  const { start, ...rest } = own;
  const { ledgerId, entryId, batchIndex } = start ?? { ledgerId: 0, entryId: 0, batchIndex: -1 };
  return {
    ...rest,
    subscription: settings.subscription,
    type: TYPES[settings.type],
    consumerName: settings.name,
    durable: start === undefined,
    startMessageId: start && { ledgerId, entryId, batchIndex: batchIndex < 0 ? undefined : batchIndex },
    properties: toPairs(settings.properties),
    readCompacted: settings.readCompacted,
    schema: toWireSchema(settings.schema),
    initialPosition: settings.initialPosition === 'Earliest' ? 1 : 0,
    replicateState: settings.replicateState,
    forceTopicCreation: true,
  };
}
