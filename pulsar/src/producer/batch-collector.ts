import { Batch } from './batch';
import type { ProducerSettings } from './producer-config';
import type { Sending } from './sending';

/**
 * Collects messages into batches. States: *empty* → (a message) *collecting* → (full in count or bytes, its delay over,
 * `flush`, or a number that does not grow) handed on, *empty*.
 */
export class BatchCollector {
  private batch: Batch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private capacity = 1_024;

  constructor(
    private readonly settings: Pick<ProducerSettings, 'batchBytes' | 'batchMessages' | 'batchDelayMs'>,
    private readonly onBatch: (batch: Batch) => void,
  ) {}

  get empty(): boolean {
    return this.batch === undefined;
  }

  /** @param maxSize bytes that the broker takes at most in one entry */
  add(sending: Sending, sequenceId: number, maxSize: number): void {
    const { batchBytes, batchMessages, batchDelayMs } = this.settings;
    const { batch: open } = this;
    const full = open && open.size + sending.bytes + 16 > Math.min(batchBytes, maxSize);
    if (full || (open && sequenceId <= open.lastSequenceId)) this.flush();
    this.batch ??= new Batch(sequenceId, this.capacity);
    this.batch.add(sending, sequenceId);
    if (this.batch.messages.length >= batchMessages || this.batch.size >= batchBytes) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), batchDelayMs);
  }

  /** Hands on what is collected. */
  flush(): void {
    const { batch } = this;
    if (!batch) return;
    this.reset();
    // The next batch is probably about as large as this one.
    this.capacity = Math.max(1_024, Math.min(batch.size + (batch.size >> 3), this.settings.batchBytes + 1_024));
    this.onBatch(batch);
  }

  /** Gives back what is collected, unsent. */
  abandon(): Sending[] {
    const messages = this.batch?.messages ?? [];
    this.reset();
    return messages;
  }

  private reset(): void {
    clearTimeout(this.timer);
    this.timer = this.batch = undefined;
  }
}
