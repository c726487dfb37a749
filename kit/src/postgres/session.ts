import { Connection, type ConnectionSettings, type PostgresLogin, type QueryOptions } from './connection';
import { ConnectionFailure } from './failure';
import { unprepared, type Statement } from './statement';

/**
 * A connection of one's own, for what lives as long as a connection does: LISTEN and session locks. It pings the
 * server while nothing else is asked, so that either side learns within seconds that the other has gone: a server
 * that does not answer ends the session here (`onEnd`), and a client that is frozen or cut off is ended there, which
 * frees its locks.
 */
export interface Session {
  /** Runs statements one after another, in the order of the calls. */
  query<Row>(statement: Statement, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
  /** Hears every NOTIFY on a channel (lower-case letters, digits, `_`) from when it resolves until the session's end. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  /** Calls back once when the session has ended, for whatever reason; at once when it has ended already. */
  onEnd(listener: (reason: Error) => void): void;
  /** Whether the login it was opened with is not the current one any more: open another soon, and end this. */
  outdated(): boolean;
  /** Ends it in good order, after what is under way. */
  end(): Promise<void>;
  /** Drops it at once; `onEnd` tells the reason. */
  destroy(reason?: Error): void;
}

/** How often an idle session asks the server whether it is there, and how long the server bears silence. */
const pingMs = 1_000;
const pingTimeoutMs = 2_000;
const serverPatienceMs = 10_000;

const ping = unprepared('select');

export async function openSession(
  settings: ConnectionSettings,
  login: PostgresLogin,
  { server, outdated }: { server: Readonly<Record<string, string | number>>; outdated: () => boolean },
): Promise<Session> {
  const connection = await Connection.open(settings, login, { idle_session_timeout: serverPatienceMs, ...server });
  return new DedicatedSession(connection, outdated);
}

class DedicatedSession implements Session {
  readonly #connection: Connection;
  readonly outdated: () => boolean;
  readonly #listeners = new Map<string, (payload: string) => void>();
  readonly #onEnd = new Set<(reason: Error) => void>();
  #endedBy: Error | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  constructor(connection: Connection, outdated: () => boolean) {
    this.#connection = connection;
    this.outdated = outdated;
    const pinging = setInterval(() => this.#ping(), pingMs);
    connection.onNotification((channel, payload) => this.#listeners.get(channel)?.(payload));
    connection.onEnd((reason) => {
      clearInterval(pinging);
      this.#endedBy = reason;
      for (const listener of this.#onEnd) {
        listener(reason);
      }
    });
  }

  async query<Row>(statement: Statement, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]> {
    return this.#inTurn(() => this.#connection.query<Row>(statement, values, options));
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    if (!/^[a-z_][a-z0-9_]*$/.test(channel)) {
      throw new Error(`${channel} is no name of a channel`);
    }
    this.#listeners.set(channel, heard);
    await this.query(unprepared(`listen ${channel}`));
  }

  onEnd(listener: (reason: Error) => void): void {
    if (this.#endedBy === undefined) {
      this.#onEnd.add(listener);
    } else {
      listener(this.#endedBy);
    }
  }

  async end(): Promise<void> {
    await this.#last;
    await this.#connection.end();
  }

  destroy(reason: Error = new ConnectionFailure('closed', 'the session was dropped')): void {
    this.#connection.destroy(reason);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    const turn = this.#last.then(work);
    this.#last = turn.then(
      () => (this.#underWay -= 1),
      () => (this.#underWay -= 1),
    );
    return turn;
  }

  #ping(): void {
    if (this.#underWay === 0) {
      // A failure ends the connection, and onEnd tells.
      this.query(ping, undefined, { timeoutMs: pingTimeoutMs }).catch(() => undefined);
    }
  }
}
