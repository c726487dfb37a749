import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { EmitterError } from '../errors';
import { ConnectionFailure, isDatabaseError, toPostgresError } from './failure';
import type { Statement } from './statement';

/** Where and how to connect, besides who. */
export interface ConnectionSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  /** How long one statement may take; the server is told too, so that nothing goes on without us. */
  readonly queryTimeoutMs: number;
}

/** Who connects. */
export interface PostgresLogin {
  readonly user: string;
  readonly password?: string;
}

export interface QueryOptions {
  /** Ends the query when it is aborted; what it had begun may or may not take effect. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait in all, waiting for a connection included. At most, and unless told, `queryTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** One connection to the server. A query that times out, is aborted or meets a protocol error ends it. */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #queryTimeoutMs: number;
  #ended = false;
  #endReason: Error | undefined;

  private constructor(client: Client, socket: Socket, queryTimeoutMs: number) {
    this.#client = client;
    this.#socket = socket;
    this.#queryTimeoutMs = queryTimeoutMs;
    // Without a listener a connection lost while idle would end the process.
    client.on('error', (error) => {
      this.#endReason ??= error;
      this.#ended = true;
    });
    client.once('end', () => (this.#ended = true));
  }

  /** @throws ConnectionFailure, DatabaseError (the server refused: login, database, too many connections) */
  static async open(
    settings: ConnectionSettings,
    login: PostgresLogin,
    server: Readonly<Record<string, string | number>> = {},
  ): Promise<Connection> {
    const socket = new Socket();
    const client = new Client(clientConfig(settings, login, server, socket));
    const connection = new Connection(client, socket, settings.queryTimeoutMs);
    try {
      await client.connect();
      return connection;
    } catch (error) {
      socket.destroy();
      throw toPostgresError(error, 'unreachable');
    }
  }

  get usable(): boolean {
    return !this.#ended;
  }

  /** Runs one statement; `values` as pg takes them, Buffers as binary. Rows hold what pg's parsers make of text. */

  async query<Row>(statement: Statement, values?: readonly unknown[], options: QueryOptions = {}): Promise<Row[]> {
    const result = await this.#run<{ rows: unknown[] }>(options, (done) => {
      const { name, text } = statement;
      const prepared = name === '' ? {} : { name };
      const parameters = values === undefined ? {} : { values: values as unknown[] };
      this.#client.query({ ...prepared, text, ...parameters }, done);
    });
    return result.rows as Row[];
  }

  /** Hears NOTIFY on the channels listened to. */
  onNotification(listener: (channel: string, payload: string) => void): void {
    this.#client.on('notification', ({ channel, payload }) => listener(channel, payload ?? ''));
  }

  /** Calls back once when the connection has ended, whoever ended it. */
  onEnd(listener: (reason: Error) => void): void {
    this.#client.once('end', () => listener(toPostgresError(this.#endReason ?? new Error('connection ended'))));
  }

  /** Says goodbye and waits until the connection has gone. A server that does not answer is not waited for. */
  async end(): Promise<void> {
    if (this.#socket.destroyed) {
      return;
    }
    const patience = setTimeout(() => this.destroy(), goodbyeMs);
    await this.#client.end().catch(() => undefined);
    clearTimeout(patience);
    this.#ended = true;
  }

  /** Drops the connection at once, whatever it is doing. */
  destroy(reason?: Error): void {
    this.#endReason ??= reason;
    this.#ended = true;
    this.#socket.destroy();
  }

  async #run<T>({ signal, timeoutMs }: QueryOptions, send: (done: Done<T>) => void): Promise<T> {
    if (this.#ended) {
      throw isDatabaseError(this.#endReason)
        ? this.#endReason
        : new ConnectionFailure('lost', 'the connection has ended', this.#endReason);
    }
    if (signal?.aborted === true) {
      throw abortReason(signal);
    }
    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error): void => {
        this.destroy(error);
        settle();
        reject(error);
      };
      const onAbort = (): void => fail(abortReason(signal));
      const patience = Math.min(timeoutMs ?? this.#queryTimeoutMs, this.#queryTimeoutMs);
      const timer = setTimeout(
        () => fail(new ConnectionFailure('timeout', `no answer within ${patience.toFixed(0)} ms`)),
        patience,
      );
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      send((error, result) => {
        settle();
        if (error !== null) {
          reject(toPostgresError(error));
        } else {
          resolve(result);
        }
      });
    });
  }
}

/** How long to wait for a connection to end in good order. */
const goodbyeMs = 1_000;

/** How pg calls back: an error, or null and a result. */
type Done<T> = (error: Error | null, result: T) => void;

/** What an aborted piece of work rejects with: the abort's own error when it is one of ours. */
export function abortReason(signal: AbortSignal | undefined): EmitterError {
  const reason: unknown = signal?.reason;
  return reason instanceof EmitterError
    ? reason
    : new EmitterError('CANCELLED', 'the work was given up', { cause: reason });
}

function clientConfig(
  settings: ConnectionSettings,
  login: PostgresLogin,
  server: Readonly<Record<string, string | number>>,
  socket: Socket,
): ClientConfig {
  return {
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: login.user,
    // A function, because pg takes an absent or empty password from the environment or a file.
    password: () => login.password ?? '',
    ssl: false,
    stream: () => socket,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    statement_timeout: settings.queryTimeoutMs,
    idle_in_transaction_session_timeout: 2 * settings.queryTimeoutMs,
    options: Object.entries({ ...serverKeepAlive, ...server })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

/** The server gives up a client that is gone (power, network) after 5 + 3 × 2 s, and frees what it held. */
const serverKeepAlive = { tcp_keepalives_idle: 5, tcp_keepalives_interval: 2, tcp_keepalives_count: 3 };
