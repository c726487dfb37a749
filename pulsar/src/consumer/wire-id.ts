import type { MessageId } from '../message-id';
import type { MessageIdData } from '../wire/commands';

/**
 * An id as commands carry it: the entry, and with `ackSet` a part of its batch.
 * @param partition of the topic it is in, -1 for none
 */
export function wireId(id: MessageId, partition: number, ackSet?: bigint[]): MessageIdData {
  const { ledgerId, entryId, batchIndex, batchSize } = id;
  const entry = { ledgerId, entryId, partition: partition < 0 ? undefined : partition };
  return ackSet ? { ...entry, batchIndex, ackSet, batchSize } : entry;
}
