import type { Socket } from 'node:net';
import { PulsarError } from '../errors';
import * as c from '../wire/commands';
import { commandFrame, DEFAULT_MAX_MESSAGE_SIZE, FRAME_PADDING } from '../wire/frame';
import { FrameDecoder } from '../wire/frame-decoder';
import type { MessageType } from '../wire/message-type';
import type { Authentication } from './authentication';
import { dispatch } from './dispatch';
import type { ConsumerHandler, ProducerHandler } from './handlers';
import { KeepAlive } from './keep-alive';
import { Outbox } from './outbox';
import { Requests } from './requests';
import { endpointUrl, type Endpoint } from './service-url';
import { openSocket } from './socket';
import { socketError, type TlsSettings } from './tls';

/** What a connection needs to know of the client it belongs to. */
export interface ConnectionSettings {
  tls: TlsSettings;
  authentication?: Authentication | undefined;
  connectionTimeoutMs: number;
  operationTimeoutMs: number;
  keepAliveMs: number;
  clientVersion: string;
}

/**
 * One connection to one broker, shared by every producer and consumer whose topic that broker serves.
 *
 * States:
 * - *handshaking*: CONNECT is sent. CONNECTED moves on to *open*; ERROR, silence or a cut to *closed*.
 * - *open*: commands flow. AUTH_CHALLENGE is answered without leaving the state. A cut, a broken frame, no sign of life
 *   for two keep-alive intervals, or `close()` lead to *closed*.
 * - *closed*, for ever: requests fail with the reason, and every handler is told once. Whoever needs a connection
 *   again asks the pool for another.
 */
export class Connection {
  state: 'handshaking' | 'open' | 'closed' = 'handshaking';
  readonly producers = new Map<number, ProducerHandler>();
  readonly consumers = new Map<number, ConsumerHandler>();
  readonly requests: Requests;
  readonly url: string;
  /** The largest message that this broker takes, in bytes of its payload. */
  maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE;
  /** Set while handshaking. */
  greeting: { resolve: () => void; reject: (error: PulsarError) => void } | undefined;
  private readonly decoder: FrameDecoder;
  private readonly outbox: Outbox;
  private readonly keepAlive: KeepAlive;

  private constructor(
    readonly endpoint: Endpoint,
    private readonly socket: Socket,
    readonly settings: ConnectionSettings,
    private readonly onClosed: (connection: Connection, error: PulsarError) => void,
  ) {
    this.url = endpointUrl(endpoint);
    this.requests = new Requests(settings.operationTimeoutMs);
    this.outbox = new Outbox(socket);
    this.keepAlive = new KeepAlive(
      settings.keepAliveMs,
      () => this.send(c.Type.PING, c.Nothing, {}),
      () =>
        this.close(
          new PulsarError('CONNECTION_LOST', `${this.url} gave no sign of life`, { details: { url: this.url } }),
        ),
    );
    this.decoder = new FrameDecoder(this.maxMessageSize + FRAME_PADDING, (frame) => dispatch(this, frame));
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    const phase = () => (this.state === 'handshaking' ? 'connecting' : 'open');
    socket.on('error', (error) => this.close(socketError(error, this.url, phase())));
    socket.on('close', () => this.close(this.cut()));
  }

  /** Connects and shakes hands. Raises what `openSocket` does, AUTHENTICATION_FAILED, NOT_PULSAR, CONNECT_TIMEOUT. */
  static async open(
    endpoint: Endpoint,
    settings: ConnectionSettings,
    onClosed: (connection: Connection, error: PulsarError) => void,
  ): Promise<Connection> {
    const credentials = await settings.authentication?.credentials();
    const socket = await openSocket(endpoint, settings);
    const connection = new Connection(endpoint, socket, settings, onClosed);
    await connection.handshake(credentials);
    return connection;
  }

  /** Writes a command that has no answer. Nothing happens when the connection is closed: the handlers know already. */
  send<T>(type: c.CommandType, messageType: MessageType<T>, value: T): void {
    if (this.state !== 'closed') this.outbox.write(commandFrame(type, messageType, value));
  }

  /** Writes a frame that is encoded already, in as many pieces as it has. */
  write(...pieces: Uint8Array[]): void {
    if (this.state !== 'closed') for (const piece of pieces) this.outbox.write(piece);
  }

  /** Sends a command and waits for its answer. Raises the broker's error, TIMEOUT or CONNECTION_LOST. */
  request<T, Answer>(
    type: c.CommandType,
    what: string,
    messageType: MessageType<T>,
    make: (requestId: number) => T,
  ): Promise<Answer> {
    if (this.state === 'closed') return Promise.reject(this.cut());
    return this.requests.ask<Answer>(what, (id) => this.send(type, messageType, make(id)));
  }

  /** Answers AUTH_CHALLENGE with the credentials as they are now. */
  async answerChallenge(): Promise<void> {
    try {
      const { authentication, clientVersion } = this.settings;
      const data = (await authentication?.credentials()) ?? new Uint8Array(0);
      const response = { method: authentication?.method ?? 'none', data };
      this.send(c.Type.AUTH_RESPONSE, c.AuthResponse, { clientVersion, response, protocolVersion: c.PROTOCOL_VERSION });
    } catch (error) {
      this.close(PulsarError.from(error, 'AUTHENTICATION_FAILED'));
    }
  }

  /** CONNECTED came. */
  welcome(maxMessageSize: number | undefined): void {
    if (maxMessageSize !== undefined && maxMessageSize > 0) this.maxMessageSize = maxMessageSize;
    this.decoder.maxFrameSize = this.maxMessageSize + FRAME_PADDING;
    this.state = 'open';
    this.greeting?.resolve();
  }

  /** Another took its place. Who still wanted something of it asks the pool for that one. */
  retire(): void {
    this.close(new PulsarError('CONNECTION_LOST', `${this.url} was replaced by a fresh connection`), true);
  }

  /**
   * Closes for the reason given, or because the client does; safe to call twice.
   * @param politely what was written last (acknowledgements) shall still arrive
   */
  close(
    error = new PulsarError('CLOSED', 'the client closed the connection'),
    politely = error.code === 'CLOSED',
  ): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.keepAlive.stop();
    this.socket.end();
    const cut = setTimeout(() => this.socket.destroy(), politely ? 1_000 : 0);
    this.socket.once('close', () => clearTimeout(cut));
    this.greeting?.reject(error);
    this.requests.failAll(error);
    const handlers = [...this.producers.values(), ...this.consumers.values()];
    this.producers.clear();
    this.consumers.clear();
    for (const handler of handlers) handler.onDetached(error, undefined);
    this.onClosed(this, error);
  }

  private onData(chunk: Buffer): void {
    if (this.state === 'closed') return;
    this.keepAlive.heard();
    try {
      this.decoder.push(chunk);
    } catch (error) {
      const code = this.state === 'handshaking' ? 'NOT_PULSAR' : 'PROTOCOL_ERROR';
      const cause = PulsarError.from(error, code);
      this.close(
        cause.code === 'PROTOCOL_ERROR' ? new PulsarError(code, `${this.url}: ${cause.message}`, { cause }) : cause,
      );
    }
  }

  private async handshake(credentials: Uint8Array | undefined): Promise<void> {
    const { authentication, connectionTimeoutMs, clientVersion } = this.settings;
    const timer = setTimeout(
      () =>
        this.close(
          new PulsarError('CONNECT_TIMEOUT', `${this.url} did not answer CONNECT`, { details: { url: this.url } }),
        ),
      connectionTimeoutMs,
    );
    await new Promise<void>((resolve, reject) => {
      this.greeting = { resolve, reject };
      this.send(c.Type.CONNECT, c.Connect, {
        clientVersion,
        protocolVersion: c.PROTOCOL_VERSION,
        authMethod: authentication?.method,
        authData: credentials,
        proxyToBroker: this.endpoint.proxyTo,
        features: { authRefresh: true, partialProducer: true },
      });
    }).finally(() => {
      clearTimeout(timer);
      this.greeting = undefined;
    });
  }

  private cut(): PulsarError {
    const code = this.state === 'handshaking' ? 'NOT_PULSAR' : 'CONNECTION_LOST';
    const text = code === 'NOT_PULSAR' ? 'closed the connection instead of an answer' : 'closed the connection';
    return new PulsarError(code, `${this.url} ${text}`, { details: { url: this.url } });
  }
}
