import { monotonicMs } from '../clock';
import type { MessageId } from '../message-id';

/** Entries that shall be delivered again at some time, unless that is taken back: for unacknowledged and refused ones. */
export class RedeliveryTimer {
  private readonly due = new Map<string, { id: MessageId; at: number }>();
  private timer: NodeJS.Timeout | undefined;

  /** @param redeliver called with what is due, about `tickMs` late at most */
  constructor(
    private readonly tickMs: number,
    private readonly redeliver: (ids: MessageId[]) => void,
  ) {}

  /** Once more for the same entry: the earlier time stays. */
  add(id: MessageId, delayMs: number): void {
    const key = entryKey(id);
    if (!this.due.has(key)) this.due.set(key, { id, at: monotonicMs() + delayMs });
    this.timer ??= setTimeout(() => this.tick(), Math.min(this.tickMs, delayMs));
  }

  remove(id: MessageId): void {
    if (this.due.size > 0) this.due.delete(entryKey(id));
  }

  /** This entry and all before it. */
  removeUpTo(id: MessageId): void {
    for (const [key, { id: other }] of this.due) {
      if (other.ledgerId < id.ledgerId || (other.ledgerId === id.ledgerId && other.entryId <= id.entryId))
        this.due.delete(key);
    }
  }

  clear(): void {
    this.due.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    this.timer = undefined;
    const now = monotonicMs();
    const ids: MessageId[] = [];
    for (const [key, { id, at }] of this.due) {
      if (at > now) continue;
      ids.push(id);
      this.due.delete(key);
    }
    if (this.due.size > 0) this.timer = setTimeout(() => this.tick(), this.tickMs);
    if (ids.length > 0) this.redeliver(ids);
  }
}

/** Names an entry within its partition. */
export function entryKey({ ledgerId, entryId }: { ledgerId: number; entryId: number }): string {
  return `${ledgerId}:${entryId}`;
}
