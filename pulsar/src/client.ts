import { EventEmitter } from 'node:events';
import { clientSettings, LogLevel, type ClientConfig, type LogHandler } from './client-config';
import type { ClientContext } from './client-context';
import type { Attachment, AttachmentState } from './connection/attachment';
import { BackOff } from './connection/back-off';
import { ConnectionPool } from './connection/pool';
import { Consumer } from './consumer/consumer';
import { consumerSettings, type ConsumerConfig } from './consumer/consumer-config';
import { PulsarError } from './errors';
import { Lookup } from './lookup/lookup';
import { fullTopicName, partitionName } from './lookup/topic-name';
import { Producer } from './producer/producer';
import { producerSettings, type ProducerConfig } from './producer/producer-config';
import { MemoryLimit } from './producer/room';
import { Reader, type ReaderConfig } from './reader/reader';
import { fromWireSchema, type SchemaInfo } from './schema/schema';

/** A connection opened or closed. */
export interface ConnectionEvent {
  url: string;
  state: 'open' | 'closed';
  /** Why it closed; its code is CLOSED when the client wanted it. */
  error?: PulsarError;
}
/** A producer or consumer of a topic partition changed its state, or failed to reconnect once more. */
export interface AttachmentEvent {
  kind: 'producer' | 'consumer';
  topic: string;
  state: AttachmentState;
  error?: PulsarError;
}
/** What `client.events` emits. */
export interface ClientEvents {
  connection: [ConnectionEvent];
  attachment: [AttachmentEvent];
}

let defaultLogHandler: LogHandler | undefined;

/**
 * A client of one Pulsar cluster: the place to make producers, consumers and readers, which share its connections.
 * Nothing is opened before the first of them is made.
 */
export class Client {
  /** Tells what happens to connections, producers and consumers. */
  readonly events = new EventEmitter<ClientEvents>();
  private readonly pool: ConnectionPool;
  private readonly context: ClientContext;
  private moving: Promise<void> | undefined;
  private closed = false;

  /** For clients that are given no `log` of their own. */
  static setLogHandler(logHandler: LogHandler): void {
    defaultLogHandler = logHandler;
  }

  /** Raises INVALID_CONFIGURATION, INVALID_URL, NOT_SUPPORTED. */
  constructor(private readonly config: ClientConfig) {
    const settings = clientSettings(config);
    this.pool = new ConnectionPool(settings.hosts, settings.connection, {
      onOpen: (url) => this.tell('connection', { url, state: 'open' }),
      onClose: (url, error) => this.tell('connection', { url, state: 'closed', error }),
    });
    let lastId = 0;
    this.context = {
      pool: this.pool,
      lookup: new Lookup(this.pool, settings.listenerName),
      operationTimeoutMs: settings.connection.operationTimeoutMs,
      closeTimeoutMs: settings.connection.operationTimeoutMs,
      partitionsUpdateMs: settings.partitionsUpdateMs,
      newBackOff: () => new BackOff(settings.backOff.first, settings.backOff.max),
      memory: new MemoryLimit(settings.memoryLimitBytes),
      attachments: new Set<Attachment>(),
      members: new Set(),
      nextProducerId: () => ++lastId,
      nextConsumerId: () => ++lastId,
      report: (event) => this.tell('attachment', event),
      log: (level, message) => this.log(LogLevel[level], message),
    };
  }

  /** Raises what its place in the cluster raises, at once: see the table of errors in the README. */
  async createProducer(config: ProducerConfig): Promise<Producer> {
    this.checkOpen();
    const settings = producerSettings(config);
    const producer = new Producer(fullTopicName(settings.topic), settings, this.context);
    return this.adopt(producer);
  }

  /** Makes the subscription if there is none, and a consumer of it. */
  async subscribe(config: ConsumerConfig): Promise<Consumer> {
    this.checkOpen();
    return this.adopt(new Consumer(consumerSettings(config), this.context, config.listener));
  }

  async createReader(config: ReaderConfig): Promise<Reader> {
    this.checkOpen();
    return this.adopt(new Reader(config, this.context));
  }

  /** Full names of a topic's partitions; of one that is not partitioned, its own. */
  async getPartitionsForTopic(topic: string): Promise<string[]> {
    this.checkOpen();
    const name = fullTopicName(topic);
    const count = await this.context.lookup.partitions(name);
    return count === 0 ? [name] : Array.from({ length: count }, (_, i) => partitionName(name, i));
  }

  /** The schema of a topic, of a version as messages carry it or the newest. Raises SCHEMA_NOT_FOUND. Not in the official client. */
  async getSchema(topic: string, version?: Uint8Array): Promise<SchemaInfo & { version: Buffer | null }> {
    this.checkOpen();
    const found = await this.context.lookup.schema(fullTopicName(topic), version);
    return { ...fromWireSchema(found.schema), version: found.version ?? null };
  }

  /** True when there is a connection, and every producer and consumer is attached. Not in the official client. */
  isConnected(): boolean {
    const { attachments } = this.context;
    return this.pool.connections.length > 0 && [...attachments].every(({ state }) => state === 'connected');
  }

  /**
   * Opens fresh connections, with the certificates and tokens as they are now, moves everything over to them and closes
   * the old ones. Nothing is dropped: producers hold their messages back meanwhile, consumers get again what was not
   * acknowledged. Raises why a fresh connection cannot be made; then everything stays as it was. Not in the official client.
   */
  moveOver(): Promise<void> {
    this.moving ??= this.move().finally(() => (this.moving = undefined));
    return this.moving;
  }

  /** Closes every producer, consumer and reader, and the connections. Nothing is left that keeps the process alive. */
  async close(): Promise<null> {
    if (this.closed) return null;
    this.closed = true;
    await Promise.all([...this.context.members].map((member) => member.close()));
    this.pool.close();
    return null;
  }

  private async move(): Promise<void> {
    this.checkOpen();
    const old = await this.pool.renew();
    const attached = [...this.context.attachments].filter(({ connection }) => connection && old.includes(connection));
    await Promise.all(attached.map((attachment) => attachment.move()));
    for (const connection of old) connection.retire();
  }

  private async adopt<T extends { open(): Promise<void>; close(): Promise<null> }>(member: T): Promise<T> {
    this.context.members.add(member);
    try {
      await member.open();
      return member;
    } catch (error) {
      await member.close();
      this.context.members.delete(member);
      throw error;
    }
  }

  private checkOpen(): void {
    if (this.closed) throw new PulsarError('CLOSED', 'the client is closed');
  }

  private tell<K extends keyof ClientEvents>(name: K, event: ClientEvents[K][0]): void {
    const { state, error } = event;
    const where = 'topic' in event ? `${event.kind} of ${event.topic}` : event.url;
    const bad = error && error.code !== 'CLOSED';
    this.log(
      bad ? LogLevel.WARN : LogLevel.INFO,
      `${where}: ${state}${bad ? ` (${error.code}: ${error.message})` : ''}`,
    );
    (this.events as EventEmitter).emit(name, event);
  }

  private log(level: LogLevel, message: string): void {
    const handler = this.config.log ?? defaultLogHandler;
    if (level >= (this.config.logLevel ?? LogLevel.INFO)) handler?.(level, 'pulsar', 0, message);
  }
}
