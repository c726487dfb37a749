import { abortReason, type Connection, type QueryOptions } from './connection';
import { ConnectionFailure } from './failure';

interface Waiter {
  readonly give: (connection: Connection) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A bounded set of connections, each lent to one piece of work at a time, waiters served in order. Not pg's own
 * pool, because that cannot change its login: what waits there when a pool is ended is never served.
 *
 * A connection is opening, lent or idle. `renew()` makes every present one outdated: idle ones end at once, lent
 * ones when they are given back, and new ones are opened with what `open` then gives.
 */
export class ConnectionPool {
  readonly #open: () => Promise<Connection>;
  readonly #max: number;
  #idle: Connection[] = [];
  readonly #waiting = new Set<Waiter>();
  readonly #outdated = new WeakSet<Connection>();
  readonly #lent = new Set<Connection>();
  #opening = 0;
  #renewals = 0;
  #closed: { readonly promise: Promise<void>; readonly done: () => void } | undefined;

  constructor(open: () => Promise<Connection>, max: number) {
    this.#open = open;
    this.#max = max;
  }

  /**
   * Lends a connection; give it back with `release`.
   * @throws ConnectionFailure (none became free in time, none could be opened, the pool is closed), CANCELLED
   */
  async acquire({ signal, timeoutMs }: QueryOptions & { readonly timeoutMs: number }): Promise<Connection> {
    if (this.#closed !== undefined) {
      throw new ConnectionFailure('closed', 'the pool is closed');
    }
    if (signal?.aborted === true) {
      throw abortReason(signal);
    }
    const idle = this.#takeIdle();
    if (idle !== undefined) {
      return this.#lend(idle);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiter);
        this.#finishClosing();
      };
      const refuse = (error: Error): void => {
        leave();
        reject(error);
      };
      const give = (connection: Connection): void => {
        leave();
        resolve(connection);
      };
      const waiter: Waiter = { give, refuse };
      const onAbort = (): void => refuse(abortReason(signal));
      const timer = setTimeout(() => {
        // While one is being opened for us, it is the server that keeps us waiting.
        const reason = this.#opening > 0 ? 'timeout' : 'busy';
        refuse(new ConnectionFailure(reason, `no connection within ${timeoutMs.toFixed(0)} ms`));
      }, timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      this.#openMore();
    });
  }

  /** Takes a connection back. One that is not usable any more has gone already. */
  release(connection: Connection): void {
    this.#lent.delete(connection);
    this.#settle(connection);
  }

  /** From now on, work gets connections that are opened from now on. */
  renew(): void {
    this.#renewals += 1;
    for (const connection of this.#lent) {
      this.#outdated.add(connection);
    }
    const idle = this.#idle;
    this.#idle = [];
    void Promise.all(idle.map((connection) => connection.end()));
  }

  /** Lends no more, serves those who wait already, and resolves when every connection has ended. */
  async close(): Promise<void> {
    if (this.#closed === undefined) {
      let done = (): void => undefined;
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.#closed = { promise, done };
      this.#finishClosing();
    }
    return this.#closed.promise;
  }

  #takeIdle(): Connection | undefined {
    // The last one used is the likeliest to be warm.
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) {
        return idle;
      }
    }
    return undefined;
  }

  #lend(connection: Connection): Connection {
    this.#lent.add(connection);
    return connection;
  }

  #openMore(): void {
    const room = this.#max - this.#lent.size - this.#opening;
    const wanted = this.#waiting.size - this.#opening;
    for (let i = 0; i < Math.min(room, wanted); i++) {
      this.#opening += 1;
      const renewals = this.#renewals;
      this.#open().then(
        (connection) => {
          this.#opening -= 1;
          if (renewals !== this.#renewals) {
            this.#outdated.add(connection);
          }
          this.#settle(connection);
        },
        (error: unknown) => {
          this.#opening -= 1;
          // With a login that is not the current one any more: whoever waits is served with the new one.
          if (renewals === this.#renewals) {
            first(this.#waiting)?.refuse(error as Error);
          }
          this.#openMore();
          this.#finishClosing();
        },
      );
    }
  }

  #settle(connection: Connection): void {
    const waiter = first(this.#waiting);
    if (!connection.usable || this.#outdated.has(connection)) {
      void connection.end();
      this.#openMore();
    } else if (waiter !== undefined) {
      waiter.give(this.#lend(connection));
    } else {
      this.#idle.push(connection);
    }
    this.#finishClosing();
  }

  #finishClosing(): void {
    if (this.#closed !== undefined && this.#lent.size + this.#opening + this.#waiting.size === 0) {
      const idle = this.#idle;
      this.#idle = [];
      void Promise.all(idle.map((connection) => connection.end())).then(this.#closed.done);
    }
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  return set.values().next().value;
}
