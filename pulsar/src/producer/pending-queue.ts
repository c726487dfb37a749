import type { Pending } from './sending';

/**
 * Entries that were sent and wait for their receipts, in the order sent.
 *
 * An entry is *waiting*, then *settled*: its promises are kept, by receipt, error or timeout. It leaves when it is settled
 * and everything before it has left; so an entry that timed out still takes up the receipt that comes for it later.
 */
export class PendingQueue {
  private entries: Pending[] = [];
  private head = 0;

  get length(): number {
    return this.entries.length - this.head;
  }

  push(entry: Pending): void {
    this.entries.push(entry);
  }

  /** The entry a receipt is for: nearly always the oldest. Marks it settled; undefined when it was already. */
  settle(sequenceId: number): Pending | undefined {
    for (let i = this.head; i < this.entries.length; i++) {
      const entry = this.entries[i]!;
      if (entry.sequenceId !== sequenceId) continue;
      const wasWaiting = !entry.settled;
      entry.settled = true;
      this.compact();
      return wasWaiting ? entry : undefined;
    }
    return undefined;
  }

  /** Settles what is due, and returns it. */
  expire(now: number): Pending[] {
    const due = this.waiting().filter(({ deadline }) => deadline <= now);
    for (const entry of due) entry.settled = true;
    return due;
  }

  /** When the next one is due. */
  nextDeadline(): number {
    return this.waiting()[0]?.deadline ?? Infinity;
  }

  /** What still waits, oldest first. */
  waiting(): Pending[] {
    return this.entries.slice(this.head).filter(({ settled }) => !settled);
  }

  /** Forgets entries whose receipt cannot come any more: the connection that carried them is gone. */
  dropSettled(): void {
    this.entries = this.waiting();
    this.head = 0;
  }

  /** Settles everything, and returns it. */
  clear(): Pending[] {
    const all = this.waiting();
    this.entries = [];
    this.head = 0;
    for (const entry of all) entry.settled = true;
    return all;
  }

  private compact(): void {
    while (this.head < this.entries.length && this.entries[this.head]!.settled) this.head++;
    if (this.head === this.entries.length || this.head > 1_024) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
}
