import type { CredentialSource } from '../credentials';
import { Connection, type ConnectionSettings, type PostgresLogin, type QueryOptions } from './connection';
import { isDatabaseError, spoilsConnection } from './failure';
import { ConnectionPool } from './pool';
import { openSession, type Session } from './session';
import type { Statement } from './statement';
import { inTransaction, type Transaction } from './transaction';
import { parseDatabaseUrl } from './url';

export interface PostgresOptions {
  /** `postgres://host:port/database`, without user or password. */
  readonly url: string;
  /** Who to log in as. When it changes, new work gets new connections, and old ones end after their work. */
  readonly login: CredentialSource<PostgresLogin>;
  /** How the connections call themselves in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections for queries and transactions, at most; sessions come on top. */
  readonly maxConnections: number;
  /** How long a connection may take to open. 1,500 ms unless told. */
  readonly connectTimeoutMs?: number;
  /** How long a query may take, waiting for a connection included. 5,000 ms unless told. */
  readonly queryTimeoutMs?: number;
  /** Settings of the server for every connection, over those of the login and the database: `{ synchronous_commit: 'on' }`. */
  readonly server?: Readonly<Record<string, string | number>>;
}

/**
 * A database, as one login sees it. Nothing is opened before it is needed, so a database that is not there yet is
 * no obstacle to a start. Every method rejects with pg's DatabaseError (the server said no) or ConnectionFailure;
 * `classify` says what either means for the work, `unavailable` makes an answer for a caller.
 */
export interface Postgres {
  /** Runs one statement on whichever connection is free. */
  query<Row>(statement: Statement, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
  /** Runs the work in one transaction. Whoever calls must bear repeating it: a lost COMMIT leaves the outcome unknown. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: QueryOptions): Promise<T>;
  /**
   * Opens a connection of one's own.
   * @param server - settings of the server for this connection: `{ synchronous_commit: 'off' }`
   */
  session(server?: Readonly<Record<string, string | number>>): Promise<Session>;
  /** Refuses new work, lets what is under way finish, and ends the pool's connections. Sessions end themselves. */
  close(): Promise<void>;
}

/** @throws EmitterError CONFIG_INVALID when the URL is not one of a database */
export function createPostgres(options: PostgresOptions): Postgres {
  const { login, maxConnections, server: always = {} } = options;
  const settings: ConnectionSettings = {
    ...parseDatabaseUrl(options.url, login.current().user),
    applicationName: options.applicationName,
    connectTimeoutMs: options.connectTimeoutMs ?? 1_500,
    queryTimeoutMs: options.queryTimeoutMs ?? 5_000,
  };
  const pool = new ConnectionPool(() => Connection.open(settings, login.current(), always), maxConnections);
  let logins = 0;
  const stopWatching = login.onChange(() => {
    logins += 1;
    pool.renew();
  });

  async function withConnection<T>(
    work: (connection: Connection, rest: QueryOptions) => Promise<T>,
    { signal, timeoutMs = settings.queryTimeoutMs }: QueryOptions,
  ): Promise<T> {
    const began = performance.now();
    const connection = await pool.acquire({ signal, timeoutMs });
    try {
      return await work(connection, { signal, timeoutMs: Math.max(1, timeoutMs - (performance.now() - began)) });
    } catch (error) {
      if (isDatabaseError(error) && spoilsConnection(error)) {
        connection.destroy(error);
      }
      throw error;
    } finally {
      pool.release(connection);
    }
  }

  return {
    query: <Row>(statement: Statement, values?: readonly unknown[], given: QueryOptions = {}) =>
      withConnection((connection, rest) => connection.query<Row>(statement, values, rest), given),
    transaction: (work, given = {}) => withConnection((connection) => inTransaction(connection, work, given), given),
    session: (server = {}) => {
      const openedWith = logins;
      return openSession(settings, login.current(), {
        server: { ...always, ...server },
        outdated: () => openedWith !== logins,
      });
    },
    close: async () => {
      stopWatching();
      await pool.close();
    },
  };
}
