import { PulsarError } from '../errors';

interface Waiting {
  resolve(answer: never): void;
  reject(error: PulsarError): void;
  timer: NodeJS.Timeout;
}

/** Requests that wait for their answer, by request id. Each ends once: answered, failed, timed out, connection lost. */
export class Requests {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(private readonly timeoutMs: number) {}

  /** Calls `send` with a new request id; the promise settles with the answer to it. */
  ask<T>(what: string, send: (requestId: number) => void): Promise<T> {
    const id = ++this.lastId;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new PulsarError('TIMEOUT', `no answer to ${what} in ${this.timeoutMs} ms`));
      }, this.timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      send(id);
    });
  }

  answer(id: number, answer: unknown): void {
    this.take(id)?.resolve(answer as never);
  }

  fail(id: number, error: PulsarError): void {
    this.take(id)?.reject(error);
  }

  failAll(error: PulsarError): void {
    for (const id of [...this.waiting.keys()]) this.fail(id, error);
  }

  private take(id: number): Waiting | undefined {
    const found = this.waiting.get(id);
    if (found) clearTimeout(found.timer);
    this.waiting.delete(id);
    return found;
  }
}
