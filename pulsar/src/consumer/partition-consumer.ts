import { Attachment, type Attachable, type AttachmentContext } from '../connection/attachment';
import type { Connection } from '../connection/connection';
import type { ConsumerHandler } from '../connection/handlers';
import { PulsarError } from '../errors';
import { partitionIndex } from '../lookup/topic-name';
import type { Message } from '../message';
import { MessageId } from '../message-id';
import * as c from '../wire/commands';
import type { Entry } from '../wire/entry';
import { Acknowledgements } from './acknowledgements';
import type { ConsumerSettings } from './consumer-config';
import type { Inbox, InboxOwner } from './inbox';
import { entryKey } from './redelivery';
import { subscribeCommand } from './subscribe-command';
import { unpack } from './unpack';
import { wireId } from './wire-id';

/**
 * The consumer of one topic partition.
 *
 * A message goes through: permitted (FLOW) → sent by the broker → *in the inbox* → *taken* by the application →
 * *acknowledged*, or *refused* / timed out and delivered again. Permits: the broker may send as many messages as it was
 * permitted; half a queue that was taken is permitted again.
 * When it is attached anew (see Attachment) what is in the inbox is forgotten, acknowledgements that were not sent yet
 * are sent first, and the broker delivers everything that is not acknowledged again. A reader, which acknowledges
 * nothing, asks for what comes after the last message taken.
 */
export class PartitionConsumer implements Attachable, ConsumerHandler, InboxOwner {
  readonly kind = 'consumer';
  readonly attachment: Attachment;
  /** Failover: whether this is the consumer that gets the messages; true for the other types. */
  active: boolean;
  endOfTopic = false;
  private readonly partition: number;
  /** What becomes of the messages that were taken. */
  readonly acks: Acknowledgements;
  private attached: Connection | undefined;
  private taken = 0;
  /** Counts redeliveries of everything; what the broker sent before one it knew of is dropped. */
  private epoch = 0;
  private startAfter: MessageId | undefined;
  private seeking = false;
  /** While seeking, messages came: from which position is not known. */
  private dropped = false;
  private joins = 0;
  private corrupt = '';

  constructor(
    readonly topic: string,
    readonly id: number,
    private readonly settings: ConsumerSettings,
    private readonly queueSize: number,
    private readonly inbox: Inbox,
    context: AttachmentContext,
    private readonly onGone: (error: PulsarError) => void,
  ) {
    this.partition = partitionIndex(topic);
    this.startAfter = settings.startAt;
    this.active = settings.type !== 'Failover';
    this.attachment = new Attachment(context, this);
    // Acknowledgements of before a seek must not arrive after it.
    const connection = (): Connection | undefined => (this.seeking ? undefined : this.attached);
    this.acks = new Acknowledgements(settings, id, this.partition, connection, (ids) => this.redeliver(ids));
  }

  private get durable(): boolean {
    return this.settings.startAt === undefined;
  }

  async join(connection: Connection): Promise<void> {
    this.inbox.clear(this);
    this.taken = 0;
    this.acks.reopen();
    connection.consumers.set(this.id, this);
    try {
      await connection.request(c.Type.SUBSCRIBE, `subscription to ${this.topic}`, c.Subscribe, (requestId) =>
        subscribeCommand(this.settings, {
          topic: this.topic,
          consumerId: this.id,
          requestId,
          consumerEpoch: this.epoch,
          start: this.durable ? undefined : this.startAfter,
        }),
      );
    } catch (error) {
      connection.consumers.delete(this.id);
      connection.send(c.Type.CLOSE_CONSUMER, c.CloseConsumer, { consumerId: this.id, requestId: 0 });
      throw error;
    }
    if (connection.consumers.get(this.id) !== this) return;
    this.joins++;
    this.attached = connection;
    this.acks.send();
    this.permit(this.queueSize);
  }

  async leave(connection: Connection): Promise<void> {
    await this.acks.flush();
    this.attached = undefined;
    const done = connection.request(c.Type.CLOSE_CONSUMER, 'closing a consumer', c.CloseConsumer, (requestId) => ({
      consumerId: this.id,
      requestId,
    }));
    await done.catch(() => undefined);
    connection.consumers.delete(this.id);
  }

  onEntry(entry: Entry): void {
    if (this.seeking) {
      this.dropped = true;
      return;
    }
    const size = entry.metadata.messagesInBatch ?? 1;
    if (!entry.intact) this.onCorrupt(entry);
    else if (entry.consumerEpoch !== undefined && entry.consumerEpoch < this.epoch) this.give(size);
    else if (entry.metadata.marker) this.give(1);
    else {
      try {
        const { messages, skipped } = unpack(
          entry,
          this.topic,
          (count) => (this.durable ? this.acks.batchOf(entry, count) : undefined),
          (index) => this.isAfterStart(entry, index),
        );
        for (const message of messages) this.inbox.push(this, message);
        if (skipped > 0) this.give(skipped);
      } catch (error) {
        this.unreadable(entry, PulsarError.from(error, 'CORRUPT_MESSAGE'));
        this.give(size - 1);
      }
    }
  }

  onTaken(message: Message | undefined): void {
    this.give(1);
    if (!message) return;
    if (!this.durable) this.startAfter = message.getMessageId();
    this.acks.take(message.getMessageId());
  }

  onActiveChange(active: boolean): void {
    this.active = active;
  }

  onEndOfTopic(): void {
    this.endOfTopic = true;
  }

  onDetached(error: PulsarError, movedTo: string | undefined): void {
    this.attached = undefined;
    this.attachment.lost(error, movedTo);
  }

  onLost(): void {
    this.attached = undefined;
  }

  onFailed(error: PulsarError): void {
    this.acks.drop(error);
    this.onGone(error);
  }

  /** Asks for everything that was delivered and is not acknowledged again. */
  redeliverAll(): void {
    this.epoch++;
    const cleared = this.inbox.clear(this);
    this.acks.send();
    this.attached?.send(c.Type.REDELIVER, c.Redeliver, { consumerId: this.id, consumerEpoch: this.epoch });
    this.give(cleared);
  }

  /** Moves the subscription. Resolves when it is attached again, so that what comes next is from there. */
  async seek(to: { messageId: MessageId } | { publishTime: number }): Promise<void> {
    const connection = this.attached;
    if (!connection) throw new PulsarError('CONNECTION_LOST', `${this.topic} is not connected`);
    this.seeking = true;
    this.dropped = false;
    const { joins } = this;
    try {
      const target = 'messageId' in to ? { messageId: wireId(to.messageId, this.partition) } : to;
      await connection.request(c.Type.SEEK, 'seek', c.Seek, (requestId) => ({
        consumerId: this.id,
        requestId,
        ...target,
      }));
      this.acks.drop(new PulsarError('CLOSED', 'the position was moved'));
      this.inbox.clear(this);
      this.startAfter = 'messageId' in to ? to.messageId : this.durable ? undefined : MessageId.earliest();
      // The broker takes every consumer off the subscription when it moves it: before its answer, or soon after.
      for (let waited = 0; this.joins === joins && waited < 1_000; waited += 10) {
        await this.attachment.settled();
        if (this.joins === joins) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      this.seeking = false;
    }
    if (this.mayHaveMissed(joins)) this.redeliverAll();
  }

  /** The newest message of the partition; ledger -1 when there is none. */
  async lastMessageId(): Promise<MessageId> {
    const connection = this.attached;
    if (!connection) throw new PulsarError('CONNECTION_LOST', `${this.topic} is not connected`);
    const answer: ReturnType<typeof c.LastMessageIdResponse.read> = await connection.request(
      c.Type.LAST_MESSAGE_ID,
      'last message id',
      c.OfConsumer,
      (requestId) => ({ consumerId: this.id, requestId }),
    );
    return MessageId.of(answer.lastMessageId, this.topic);
  }

  /** Where a reader is: after this message. */
  get position(): MessageId | undefined {
    return this.startAfter;
  }

  /** Deletes the subscription. */
  async unsubscribe(): Promise<void> {
    const connection = this.attached;
    if (!connection) throw new PulsarError('CONNECTION_LOST', `${this.topic} is not connected`);
    await connection.request(c.Type.UNSUBSCRIBE, 'unsubscribe', c.OfConsumer, (requestId) => ({
      consumerId: this.id,
      requestId,
    }));
  }

  /** Sends what is to be sent and leaves. */
  async close(): Promise<void> {
    await this.attachment.close();
    this.acks.drop(new PulsarError('CLOSED', 'the consumer is closed'));
  }

  // Something was dropped while seeking, or the broker left us where we were.
  private mayHaveMissed(joins: number): boolean {
    return this.dropped || this.joins === joins;
  }

  private redeliver(ids: MessageId[]): void {
    // Only Shared subscriptions have single messages delivered again; on the others order comes first.
    if (this.settings.type !== 'Shared') this.redeliverAll();
    else
      this.attached?.send(c.Type.REDELIVER, c.Redeliver, {
        consumerId: this.id,
        messageIds: ids.map((id) => wireId(id, this.partition)),
      });
  }

  private give(messages: number): void {
    this.taken += messages;
    if (this.taken < Math.max(1, this.queueSize >> 1) || !this.attached) return;
    const permits = this.taken;
    this.taken = 0;
    this.permit(permits);
  }

  private permit(permits: number): void {
    this.attached?.send(c.Type.FLOW, c.Flow, { consumerId: this.id, permits });
  }

  private isAfterStart(entry: Entry, batchIndex: number): boolean {
    const start = this.startAfter;
    if (start?.ledgerId !== entry.ledgerId || start.entryId !== entry.entryId) return true;
    // The start names the whole entry: everything in it is before us.
    return batchIndex >= 0 && start.batchIndex >= 0 && batchIndex > start.batchIndex;
  }

  // A first time, bytes may have been changed on the way: a new connection brings them again. A second time they are
  // stored like that.
  private onCorrupt(entry: Entry): void {
    const error = new PulsarError('CORRUPT_MESSAGE', `the checksum of ${entryKey(entry)} in ${this.topic} is wrong`);
    if (this.corrupt === entryKey(entry)) this.unreadable(entry, error);
    else {
      this.corrupt = entryKey(entry);
      this.attached?.close(error);
    }
  }

  private unreadable(entry: Entry, error: PulsarError): void {
    const details = {
      ...error.details,
      topic: this.topic,
      messageId: new MessageId(entry.ledgerId, entry.entryId, this.partition).toString(),
    };
    this.inbox.push(
      this,
      new PulsarError(error.code, `${details.messageId} of ${this.topic}: ${error.message}`, { cause: error, details }),
    );
  }
}
