import type { Connection } from '../connection/connection';
import type { PulsarError } from '../errors';
import { MessageId } from '../message-id';
import type { Entry } from '../wire/entry';
import { AckGroup } from './ack-group';
import { BatchAcks } from './batch-acks';
import type { ConsumerSettings } from './consumer-config';
import { entryKey, RedeliveryTimer } from './redelivery';
import { wireId } from './wire-id';

const TICK_MS = 100;

/**
 * What becomes of the messages that the application took from one partition: a message is *open* → *acknowledged*; or
 * *refused*, or open for too long, and then asked for again.
 * The broker knows entries, so a batch is acknowledged when its last message is; with batch index acknowledgement in
 * parts. What is acknowledged of a batch is remembered until all of it is, and is not given out again from here.
 */
export class Acknowledgements {
  private readonly group: AckGroup;
  private readonly open: RedeliveryTimer;
  private readonly refused: RedeliveryTimer;
  private readonly batches = new Map<string, BatchAcks>();

  constructor(
    private readonly settings: ConsumerSettings,
    consumerId: number,
    private readonly partition: number,
    connection: () => Connection | undefined,
    redeliver: (ids: MessageId[]) => void,
  ) {
    this.group = new AckGroup(consumerId, settings.ackGroupMs, settings.ackReceipts, connection);
    this.open = new RedeliveryTimer(TICK_MS, redeliver);
    this.refused = new RedeliveryTimer(TICK_MS, redeliver);
  }

  /** What is acknowledged of a batch that was received. */
  batchOf(entry: Entry, size: number): BatchAcks {
    const key = entryKey(entry);
    const known = this.batches.get(key);
    if (known?.size === size) return known;
    const fresh = new BatchAcks(size, entry.ackSet);
    this.batches.set(key, fresh);
    return fresh;
  }

  /** The application has it. */
  take(id: MessageId): void {
    if (this.settings.ackTimeoutMs > 0) this.open.add(id, this.settings.ackTimeoutMs);
  }

  /** One message. Resolves at once, or with receipts when the broker has confirmed it. */
  acknowledge(id: MessageId): Promise<void> {
    const { batch } = id;
    if (batch) {
      batch.acknowledge(id.batchIndex);
      if (batch.complete) this.batches.delete(entryKey(id));
      else if (!this.settings.batchIndexAck) return Promise.resolve();
    }
    const part = batch && !batch.complete;
    if (!part) {
      this.open.remove(id);
      this.refused.remove(id);
    }
    return this.group.add(wireId(id, this.partition, part ? batch.toWords() : undefined), false);
  }

  /** A message and all before it. */
  acknowledgeCumulative(id: MessageId): Promise<void> {
    const { batch } = id;
    batch?.acknowledgeUpTo(id.batchIndex);
    const whole = !batch || batch.complete;
    const upTo = whole ? id : new MessageId(id.ledgerId, id.entryId - 1, id.partition);
    this.forgetUpTo(upTo);
    if (!whole && this.settings.batchIndexAck) return this.group.add(wireId(id, this.partition, batch.toWords()), true);
    // The part of the batch is remembered here, and what comes before the batch is told to the broker.
    return this.group.add(wireId(upTo, this.partition), true);
  }

  /** Asks for a message again after the delay that is set. */
  refuse(id: MessageId, redeliveryCount: number): void {
    const { nackDelayMs, nackMultiplier, nackMaxDelayMs } = this.settings;
    this.open.remove(id);
    this.refused.add(id, Math.min(nackMaxDelayMs, nackDelayMs * nackMultiplier ** redeliveryCount));
  }

  /** Everything will be delivered again: nothing is open. */
  reopen(): void {
    this.open.clear();
  }

  /** Sends what is collected, if attached. */
  send(): void {
    this.group.send();
  }

  /** Sends what is collected and waits for the receipts, if any. */
  flush(): Promise<void> {
    return this.group.flush();
  }

  /** The position was moved on purpose, or this is the end: what was to be told or asked is of no interest. */
  drop(error: PulsarError): void {
    this.group.drop(error);
    this.batches.clear();
    this.open.clear();
    this.refused.clear();
  }

  private forgetUpTo(id: MessageId): void {
    this.open.removeUpTo(id);
    this.refused.removeUpTo(id);
    // In the order received, which is that of the topic.
    for (const key of this.batches.keys()) {
      const [ledger, entry] = key.split(':').map(Number) as [number, number];
      if (ledger > id.ledgerId || (ledger === id.ledgerId && entry > id.entryId)) break;
      this.batches.delete(key);
    }
  }
}
