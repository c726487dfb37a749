import { PulsarError } from '../errors';
import { Connection, type ConnectionSettings } from './connection';
import { endpointUrl, type Endpoint } from './service-url';

/** What the pool tells about its connections. */
export interface PoolEvents {
  onOpen(url: string): void;
  onClose(url: string, error: PulsarError): void;
}

/** One connection for each broker (and each broker behind a proxy), opened when first asked for, shared by all. */
export class ConnectionPool {
  private readonly current = new Map<string, Promise<Connection>>();
  private readonly open = new Set<Connection>();
  private nextHost = 0;
  private closed = false;

  constructor(
    readonly hosts: readonly Endpoint[],
    private readonly settings: ConnectionSettings,
    private readonly events: PoolEvents,
  ) {
    // Clients with the same URL start at different hosts.
    this.nextHost = Math.floor(Math.random() * hosts.length);
  }

  /** Connections that are open now. */
  get connections(): readonly Connection[] {
    return [...this.open];
  }

  /** The connection to this endpoint, opened if need be. */
  get(endpoint: Endpoint): Promise<Connection> {
    if (this.closed) return Promise.reject(new PulsarError('CLOSED', 'the client is closed'));
    const key = endpointUrl(endpoint);
    const existing = this.current.get(key);
    if (existing) return existing;
    const opening: Promise<Connection> = Connection.open(endpoint, this.settings, (gone, error) =>
      this.onClosed(key, gone, error),
    ).then((connection) => this.opened(connection));
    this.current.set(key, opening);
    opening.catch(() => {
      if (this.current.get(key) === opening) this.current.delete(key);
    });
    return opening;
  }

  /** A connection to any host of the service URL, tried in turn; the error is that of the last one. */
  async service(): Promise<Connection> {
    let failure: unknown;
    const first = this.nextHost;
    const inTurn = this.hosts.map((_, i) => this.hosts[(first + i) % this.hosts.length]!);
    for (const host of inTurn) {
      try {
        return await this.get(host);
      } catch (error) {
        failure = error;
        this.nextHost++;
      }
    }
    throw failure;
  }

  /**
   * Opens a fresh connection to the service, with the certificates and tokens as they are now, and forgets the others:
   * they stay open for whoever uses them, and nobody gets them any more. When it cannot be opened nothing changes.
   * @returns the connections to move away from
   */
  async renew(): Promise<Connection[]> {
    const before = new Map(this.current);
    const old = [...this.open];
    this.current.clear();
    try {
      await this.service();
    } catch (error) {
      for (const [key, connection] of before) this.current.set(key, connection);
      throw error;
    }
    return old;
  }

  close(): void {
    this.closed = true;
    this.current.clear();
    for (const connection of this.open) connection.close();
  }

  private opened(connection: Connection): Connection {
    if (this.closed) {
      connection.close();
      throw new PulsarError('CLOSED', 'the client is closed');
    }
    if (connection.state !== 'open')
      throw new PulsarError('CONNECTION_LOST', `${connection.url} closed the connection`);
    this.open.add(connection);
    this.events.onOpen(connection.url);
    return connection;
  }

  private onClosed(key: string, gone: Connection, error: PulsarError): void {
    if (!this.open.delete(gone)) return;
    this.events.onClose(gone.url, error);
    const current = this.current.get(key);
    void current?.then((connection) => {
      if (connection === gone && this.current.get(key) === current) this.current.delete(key);
    });
  }
}
