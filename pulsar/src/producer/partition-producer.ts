import { monotonicMs } from '../clock';
import { Attachment, type Attachable, type AttachmentContext } from '../connection/attachment';
import type { Connection } from '../connection/connection';
import type { ProducerHandler } from '../connection/handlers';
import { PulsarError } from '../errors';
import { partitionIndex } from '../lookup/topic-name';
import { toWireSchema } from '../schema/schema';
import * as c from '../wire/commands';
import { FRAME_PADDING } from '../wire/frame';
import { toPairs } from '../wire/properties';
import { BatchCollector } from './batch-collector';
import { encodeBatch, encodeSingle, needsOwnEntry, type EntryContext } from './encode';
import { PendingQueue } from './pending-queue';
import type { ProducerSettings } from './producer-config';
import type { Room } from './room';
import { bytesOf, succeed, type Pending, type Sending } from './sending';

type Created = ReturnType<typeof c.ProducerSuccess.read>;

/**
 * The producer of one topic partition.
 *
 * A message goes through: *collected* in the open batch → (batch full in count or bytes, its delay over, or `flush`)
 * *pending*, encoded and numbered, written when attached → *settled* by receipt, error or timeout.
 * While not attached (see Attachment) pending entries grow up to the room's bound; once attached again they are written
 * again, all, in order, with the same numbers, so that a broker with deduplication stores each once.
 */
export class PartitionProducer implements Attachable, ProducerHandler {
  readonly kind = 'producer';
  readonly attachment: Attachment;
  private name: string;
  private nextSequenceId: number;
  private schemaVersion: Uint8Array | undefined;
  private maxMessageSize = Infinity;
  private epoch = 0;
  private readonly collector: BatchCollector;
  private expiryTimer: NodeJS.Timeout | undefined;
  private readonly pending = new PendingQueue();
  private idle: (() => void)[] = [];
  /** The connection that pending entries are written to; undefined while not attached. */
  private writable: Connection | undefined;
  private readonly partition: number;

  constructor(
    readonly topic: string,
    private readonly id: number,
    private readonly settings: ProducerSettings,
    private readonly room: Room,
    context: AttachmentContext,
    private readonly onGone: (error: PulsarError) => void,
  ) {
    this.name = settings.name ?? '';
    this.nextSequenceId = settings.initialSequenceId;
    this.partition = partitionIndex(topic);
    this.attachment = new Attachment(context, this);
    this.collector = new BatchCollector(settings, (batch) =>
      this.dispatch(() => encodeBatch(batch, this.context()), batch.messages),
    );
  }

  get producerName(): string {
    return this.name;
  }

  /** Number of the last message given to `send`. */
  get lastSequenceId(): number {
    return this.nextSequenceId - 1;
  }

  /** No batch is being collected. */
  get betweenBatches(): boolean {
    return this.collector.empty;
  }

  /** Takes a message that has its place in the room. */
  send(sending: Sending): void {
    const { message } = sending;
    const sequenceId = message.sequenceId ?? this.nextSequenceId;
    if (message.data.length > this.maxMessageSize && this.settings.compression === 'None') {
      this.fail([sending], this.tooLarge(message.data.length));
      return;
    }
    this.nextSequenceId = Math.max(this.nextSequenceId, sequenceId + 1);
    if (!this.settings.batching || needsOwnEntry(message)) {
      this.collector.flush();
      this.dispatch(() => encodeSingle(sending, sequenceId, this.context()), [sending]);
      return;
    }
    this.collector.add(sending, sequenceId, this.maxMessageSize);
  }

  /** Sends what is collected; resolves when nothing is pending. */
  async flush(): Promise<void> {
    this.collector.flush();
    if (this.pending.waiting().length > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Settles everything that is pending with `error`, and takes nothing any more. */
  abort(error: PulsarError): void {
    clearTimeout(this.expiryTimer);
    this.expiryTimer = undefined;
    for (const entry of this.pending.clear()) this.fail(entry.messages, error);
    this.fail(this.collector.abandon(), error);
    this.wakeIdle();
  }

  async join(connection: Connection): Promise<void> {
    connection.producers.set(this.id, this);
    try {
      const created: Created = await connection.request(
        c.Type.PRODUCER,
        `producer on ${this.topic}`,
        c.Producer,
        (requestId) => ({
          topic: this.topic,
          producerId: this.id,
          requestId,
          name: this.name === '' ? undefined : this.name,
          properties: toPairs(this.settings.properties),
          schema: toWireSchema(this.settings.schema),
          epoch: this.epoch,
          userProvidedName: this.settings.name !== undefined,
        }),
      );
      this.welcome(created, connection);
    } catch (error) {
      connection.producers.delete(this.id);
      // The broker may still create it after our time-out; it must not hold the name then.
      connection.send(c.Type.CLOSE_PRODUCER, c.CloseProducer, { producerId: this.id, requestId: 0 });
      throw error;
    }
  }

  async leave(connection: Connection): Promise<void> {
    // New batches wait in `pending` from now on; what was written gets its receipts first, if they come.
    this.writable = undefined;
    const written = this.pending.waiting().at(-1);
    for (let waited = 0; written && !written.settled && connection.state === 'open' && waited < 2_000; waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const done = connection.request(c.Type.CLOSE_PRODUCER, 'closing a producer', c.CloseProducer, (requestId) => ({
      producerId: this.id,
      requestId,
    }));
    await done.catch(() => undefined);
    connection.producers.delete(this.id);
  }

  onReceipt(sequenceId: number, messageId: c.MessageIdData | undefined): void {
    const entry = this.pending.settle(sequenceId);
    if (!entry) return;
    this.room.release(entry.messages.length, bytesOf(entry));
    succeed(entry, messageId, this.partition);
    this.wakeIdle();
  }

  onSendError(sequenceId: number, error: PulsarError): void {
    if (error.code === 'TOPIC_TERMINATED') this.onFailed(error);
    else if (error.code === 'NOT_AUTHORIZED' || error.details.serverError === 'NotAllowedError') {
      const entry = this.pending.settle(sequenceId);
      const large = /message size/i.test(error.message);
      if (entry)
        this.fail(
          entry.messages,
          large ? new PulsarError('MESSAGE_TOO_LARGE', error.message, { cause: error }) : error,
        );
      this.wakeIdle();
    } else this.restart(error);
  }

  onDetached(error: PulsarError, movedTo: string | undefined): void {
    this.writable = undefined;
    this.attachment.lost(error, movedTo);
  }

  onLost(error: PulsarError): void {
    this.writable = undefined;
    // The broker says that holding messages back will not help: producer_exception.
    if (error.details.serverError === 'ProducerBlockedQuotaExceededException') {
      for (const entry of this.pending.clear()) this.fail(entry.messages, error);
      this.wakeIdle();
    }
  }

  onFailed(error: PulsarError): void {
    this.abort(error);
    this.onGone(error);
  }

  private welcome(created: Created, connection: Connection): void {
    this.name = created.name;
    this.schemaVersion = created.schemaVersion && Buffer.from(created.schemaVersion);
    if (this.nextSequenceId < 0) this.nextSequenceId = (created.lastSequenceId ?? -1) + 1;
    this.maxMessageSize = connection.maxMessageSize;
    this.epoch++;
    this.pending.dropSettled();
    for (const { header, payload } of this.pending.waiting()) connection.write(header, payload);
    this.writable = connection;
  }

  // The broker could not store an entry and will not take the ones after it: from the first on, again.
  private restart(error: PulsarError): void {
    const connection = this.writable;
    if (!connection) return;
    this.writable = undefined;
    connection.producers.delete(this.id);
    connection.send(c.Type.CLOSE_PRODUCER, c.CloseProducer, { producerId: this.id, requestId: 0 });
    this.attachment.lost(error);
  }

  private dispatch(encode: () => Pending, messages: Sending[]): void {
    let entry: Pending;
    try {
      entry = encode();
      const size = entry.payload.length;
      if (size > this.maxMessageSize || size + entry.header.length > this.maxMessageSize + FRAME_PADDING)
        throw this.tooLarge(size);
    } catch (error) {
      this.fail(messages, PulsarError.from(error, 'INVALID_CONFIGURATION'));
      return;
    }
    this.pending.push(entry);
    this.writable?.write(entry.header, entry.payload);
    this.expiryTimer ??= this.armExpiry(entry.deadline);
  }

  private armExpiry(deadline: number): NodeJS.Timeout | undefined {
    if (deadline === Infinity) return undefined;
    return setTimeout(
      () => {
        for (const { messages } of this.pending.expire(monotonicMs())) {
          this.fail(
            messages,
            new PulsarError('SEND_TIMEOUT', `no receipt from ${this.topic} in ${this.settings.sendTimeoutMs} ms`),
          );
        }
        this.wakeIdle();
        this.expiryTimer = this.armExpiry(this.pending.nextDeadline());
      },
      Math.max(1, deadline - monotonicMs()),
    );
  }

  private fail(messages: Sending[], error: PulsarError): void {
    let bytes = 0;
    for (const sending of messages) bytes += sending.bytes;
    this.room.release(messages.length, bytes);
    for (const sending of messages) sending.reject(error);
  }

  private wakeIdle(): void {
    if (this.idle.length > 0 && this.pending.waiting().length === 0) for (const wake of this.idle.splice(0)) wake();
  }

  private context(): EntryContext {
    const now = Date.now();
    const { sendTimeoutMs, compression } = this.settings;
    const deadline = sendTimeoutMs === 0 ? Infinity : monotonicMs() + sendTimeoutMs;
    return {
      producerId: this.id,
      producerName: this.name,
      schemaVersion: this.schemaVersion,
      compression,
      now,
      deadline,
    };
  }

  private tooLarge(size: number): PulsarError {
    return new PulsarError('MESSAGE_TOO_LARGE', `${size} bytes are over the broker's ${this.maxMessageSize}`, {
      details: { size },
    });
  }
}
