import type { Socket } from 'node:net';

/** Writes to a socket; everything written in one turn of the event loop leaves in one system call. */
export class Outbox {
  private corked = false;

  constructor(private readonly socket: Socket) {}

  write(frame: Uint8Array): void {
    if (!this.corked) {
      this.corked = true;
      this.socket.cork();
      process.nextTick(this.flush);
    }
    this.socket.write(frame);
  }

  private readonly flush = (): void => {
    this.corked = false;
    this.socket.uncork();
  };
}
