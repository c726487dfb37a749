import { PulsarError } from '../errors';

/** Bytes that all producers of a client may hold together. */
export class MemoryLimit {
  used = 0;
  private readonly rooms = new Set<Room>();

  constructor(readonly bytes: number) {}

  /** A lone message larger than the limit passes when nothing else is held: it could never pass otherwise. */
  fits(bytes: number): boolean {
    return this.used + bytes <= this.bytes || this.used === 0;
  }

  /** @internal */
  join(room: Room): void {
    this.rooms.add(room);
  }

  /** @internal */
  leave(room: Room): void {
    this.rooms.delete(room);
  }

  /** @internal Bytes became free: whoever waits, in whichever producer, may go on. */
  freed(): void {
    for (const room of this.rooms) room.admit();
  }
}

interface Waiting {
  bytes: number;
  enter: () => void;
  refuse: (error: PulsarError) => void;
}

/** The place for messages that wait for their receipt: bounded in messages and, with other producers, in bytes. */
export class Room {
  /** Messages inside. */
  messages = 0;
  private readonly waiting: Waiting[] = [];

  constructor(
    public maxMessages: number,
    private readonly memory: MemoryLimit,
    private readonly mayWait: boolean,
  ) {
    memory.join(this);
  }

  /** Calls `enter` now, or when there is room, in the order asked; or `refuse` with QUEUE_FULL when it may not wait. */
  ask(bytes: number, enter: () => void, refuse: (error: PulsarError) => void): void {
    if (this.waiting.length === 0 && this.fits(bytes)) this.take(bytes, enter);
    else if (this.mayWait) this.waiting.push({ bytes, enter, refuse });
    else refuse(new PulsarError('QUEUE_FULL', `${this.messages} messages wait for their receipt`));
  }

  /** True when the next `ask` would enter at once. */
  get open(): boolean {
    return this.waiting.length === 0 && this.fits(0);
  }

  /** Messages left. */
  release(messages: number, bytes: number): void {
    this.messages -= messages;
    this.memory.used -= bytes;
    this.memory.freed();
  }

  /** Lets in who waits and fits. */
  admit(): void {
    for (let next = this.waiting[0]; next && this.fits(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.take(next.bytes, next.enter);
    }
  }

  /** Turns away everyone who waits. */
  close(error: PulsarError): void {
    this.memory.leave(this);
    for (const { refuse } of this.waiting.splice(0)) refuse(error);
  }

  private fits(bytes: number): boolean {
    return this.messages < this.maxMessages && this.memory.fits(bytes);
  }

  private take(bytes: number, enter: () => void): void {
    this.messages++;
    this.memory.used += bytes;
    enter();
  }
}
