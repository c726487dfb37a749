import { PulsarError } from '../errors';
import type { Message } from '../message';

/** Who is told when its message is taken, so that it asks the broker for more. */
export interface InboxOwner {
  onTaken(message: Message | undefined): void;
}

interface Item {
  owner: InboxOwner;
  /** A message, or why one could not be read. */
  content: Message | PulsarError;
}
interface Waiting {
  resolve: (message: Message) => void;
  reject: (error: PulsarError) => void;
}

/** Messages that arrived and wait to be taken, of all partitions of a consumer; bounded by the permits given out. */
export class Inbox {
  private items: Item[] = [];
  private head = 0;
  private waiting: Waiting[] = [];
  private ended: PulsarError | undefined;

  get length(): number {
    return this.items.length - this.head;
  }

  push(owner: InboxOwner, content: Message | PulsarError): void {
    if (this.ended) return;
    const next = this.waiting.shift();
    if (next) this.give({ owner, content }, next);
    else this.items.push({ owner, content });
  }

  /** Puts a message into `next` now or when one comes. */
  take(next: Waiting): void {
    const item = this.shift();
    if (item) this.give(item, next);
    else if (this.ended) next.reject(this.ended);
    else this.waiting.push(next);
  }

  /** Stops waiting; false when it was served already. */
  cancel(next: Waiting): boolean {
    const index = this.waiting.indexOf(next);
    if (index >= 0) this.waiting.splice(index, 1);
    return index >= 0;
  }

  /** The next message if it is there and its payload has at most `maxBytes`. Raises when the next could not be read. */
  poll(maxBytes = Infinity): Message | undefined {
    const next = this.items[this.head];
    if (!next || (!(next.content instanceof PulsarError) && next.content.getData().length > maxBytes)) return undefined;
    this.shift();
    next.owner.onTaken(next.content instanceof PulsarError ? undefined : next.content);
    if (next.content instanceof PulsarError) throw next.content;
    return next.content;
  }

  /** Forgets what came from one owner; returns how many messages that were. */
  clear(owner: InboxOwner): number {
    const before = this.length;
    this.items = this.items.slice(this.head).filter((item) => item.owner !== owner);
    this.head = 0;
    return before - this.length;
  }

  /** Nothing comes any more: whoever waits gets `error`, and so does whoever asks. */
  end(error: PulsarError): void {
    this.ended ??= error;
    if (error.code === 'CLOSED') this.items = [];
    if (error.code === 'CLOSED') this.head = 0;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  private give({ owner, content }: Item, { resolve, reject }: Waiting): void {
    if (content instanceof PulsarError) {
      owner.onTaken(undefined);
      reject(content);
    } else {
      owner.onTaken(content);
      resolve(content);
    }
  }

  private shift(): Item | undefined {
    const item = this.items[this.head];
    if (!item) return undefined;
    // Holes, so that a taken message is not kept; compacted now and then.
    this.items[this.head++] = undefined as unknown as Item;
    if (this.head === this.items.length || this.head >= 1_024) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
