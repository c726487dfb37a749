import type { PulsarError } from '../errors';
import type { MessageIdData } from '../wire/commands';
import type { Entry } from '../wire/entry';

/** What a producer or consumer hears from the connection it is attached to. */
export interface AttachmentHandler {
  /** The connection is gone, or the broker took the producer or consumer off it. `movedTo`: where it says to go on. */
  onDetached(error: PulsarError, movedTo: string | undefined): void;
}

export interface ProducerHandler extends AttachmentHandler {
  onReceipt(sequenceId: number, messageId: MessageIdData | undefined): void;
  onSendError(sequenceId: number, error: PulsarError): void;
}

export interface ConsumerHandler extends AttachmentHandler {
  onEntry(entry: Entry): void;
  /** Failover: whether this consumer is the one that gets the messages. */
  onActiveChange(active: boolean): void;
  onEndOfTopic(): void;
}
