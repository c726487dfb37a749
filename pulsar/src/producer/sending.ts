import type { PulsarError } from '../errors';
import { MessageId } from '../message-id';
import type { ProducerMessage } from '../message';
import type { MessageIdData } from '../wire/commands';

/** A message on its way, and the promise it has to keep. */
export interface Sending {
  message: ProducerMessage;
  /** Bytes it holds in the room. */
  bytes: number;
  resolve: (id: MessageId) => void;
  reject: (error: PulsarError) => void;
}

/** One entry, a message or a batch, from when it is encoded until its receipt. */
export interface Pending {
  sequenceId: number;
  /** Numbers, for the number of messages. */
  messages: Sending[];
  batched: boolean;
  /** Both together are the SEND frame. */
  header: Buffer;
  payload: Buffer;
  /** When it is given up, in `monotonicMs`; Infinity for never. */
  deadline: number;
  /** Its promises are kept, but its receipt is still to come. */
  settled: boolean;
}

/** Bytes that an entry's messages hold in the room. */
export function bytesOf(pending: Pending): number {
  let sum = 0;
  for (const { bytes } of pending.messages) sum += bytes;
  return sum;
}

/** Keeps the promises of an entry: it is stored. */
export function succeed(pending: Pending, id: MessageIdData | undefined, partition: number): void {
  const { ledgerId, entryId } = id ?? { ledgerId: -1, entryId: -1 };
  const size = pending.messages.length;
  pending.messages.forEach((sending, index) => {
    sending.resolve(
      pending.batched
        ? new MessageId(ledgerId, entryId, partition, index, size)
        : new MessageId(ledgerId, entryId, partition),
    );
  });
}
