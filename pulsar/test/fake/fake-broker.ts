import { createServer, type Server, type Socket } from 'node:net';
import { command } from '../../src/connection/dispatch';
import * as c from '../../src/wire/commands';
import { commandFrame, MAGIC_CRC32C } from '../../src/wire/frame';
import { FrameDecoder } from '../../src/wire/frame-decoder';
import { message, nested, required, uint, type MessageType } from '../../src/wire/message-type';
import type { Reader } from '../../src/wire/reader';

const Send = message('Send', { producerId: required(uint(1)), sequenceId: required(uint(2)), messages: uint(3) });
const Message = message('Message', {
  consumerId: required(uint(1)),
  id: required(nested(2, c.MessageIdData)),
  redeliveryCount: uint(3),
});

/** What a test may do instead of the usual: true when it has answered itself. */
export type Hook = (socket: FakeSocket, body: Reader) => boolean;
export type FakeSocket = Socket & { reply<T>(type: c.CommandType, messageType: MessageType<T>, value: T): void };
interface Consumer {
  socket: FakeSocket;
  consumerId: number;
  permits: number;
}

/**
 * A broker in memory with one topic of entries, for tests that need no Java and want to decide what the broker says.
 * It stores what is sent, gives each consumer every entry from `cursor` on within its permits, and notes what it hears.
 */
export class FakeBroker {
  readonly entries: Buffer[] = [];
  readonly heard: { type: number; at: number }[] = [];
  readonly acks: ReturnType<typeof c.Ack.read>[] = [];
  readonly connects: ReturnType<typeof c.Connect.read>[] = [];
  readonly sockets = new Set<FakeSocket>();
  readonly producers = new Map<number, FakeSocket>();
  readonly hooks = new Map<number, Hook>();
  partitions = 0;
  /** The next entry that is delivered. */
  cursor = 0;
  private consumer: Consumer | undefined;
  private server: Server | undefined;
  port = 0;

  get url(): string {
    return `pulsar://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((socket) => this.join(socket as FakeSocket)).listen(this.port, '127.0.0.1');
    this.server = server;
    await new Promise((resolve) => server.once('listening', resolve));
    this.port = (server.address() as { port: number }).port;
    return this;
  }

  async stop(): Promise<void> {
    this.cut();
    const { server } = this;
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** How often a command came. */
  count(type: number): number {
    return this.heard.filter((one) => one.type === type).length;
  }

  /** Takes the consumer or producer off its connection, as an unload does. */
  detach(kind: 'consumer' | 'producer', movedTo?: string): void {
    if (kind === 'producer') {
      for (const [producerId, socket] of this.producers)
        socket.reply(c.Type.CLOSE_PRODUCER, c.CloseProducer, { producerId, requestId: 0, brokerUrl: movedTo });
      this.producers.clear();
    } else if (this.consumer) {
      const { socket, consumerId } = this.consumer;
      this.consumer = undefined;
      socket.reply(c.Type.CLOSE_CONSUMER, c.CloseConsumer, { consumerId, requestId: 0, brokerUrl: movedTo });
    }
  }

  /** Delivers entries as far as the permits go. */
  deliver(change: (frame: Buffer) => Buffer = (frame) => frame): void {
    const { consumer } = this;
    while (consumer && consumer.permits > 0 && this.cursor < this.entries.length) {
      const { consumerId, socket } = consumer;
      const head = commandFrame(c.Type.MESSAGE, Message, { consumerId, id: { ledgerId: 7, entryId: this.cursor } });
      const entry = this.entries[this.cursor++]!;
      const frame = Buffer.concat([head, entry]);
      frame.writeUInt32BE(frame.length - 4, 0);
      consumer.permits--;
      socket.write(change(frame));
    }
  }

  private join(socket: FakeSocket): void {
    this.sockets.add(socket);
    socket.reply = (type, messageType, value) => void socket.write(commandFrame(type, messageType, value));
    const decoder = new FrameDecoder(6_000_000, (frame) => this.onFrame(socket, frame));
    socket.on('data', (chunk) => decoder.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.consumer?.socket === socket) this.consumer = undefined;
    });
  }

  private onFrame(socket: FakeSocket, frame: Buffer): void {
    const end = 4 + frame.readUInt32BE(0);
    const { type, body } = command(frame, end);
    this.heard.push({ type, at: performance.now() });
    const start = body.at;
    if (this.hooks.get(type)?.(socket, body)) return;
    body.at = start;
    this.answer(type, socket, body, frame.subarray(end));
  }

  private answer(type: number, socket: FakeSocket, body: Reader, entry: Buffer): void {
    const { Type } = c;
    const succeed = (requestId: number): void => socket.reply(Type.SUCCESS, c.Success, { requestId });
    if (type === Type.CONNECT) {
      this.connects.push(c.Connect.read(body));
      socket.reply(Type.CONNECTED, c.Connected, {
        serverVersion: 'fake',
        protocolVersion: 21,
        maxMessageSize: 100_000,
      });
    } else if (type === Type.PING) socket.reply(Type.PONG, c.Nothing, {});
    else if (type === Type.PARTITIONS) {
      socket.reply(Type.PARTITIONS_RESPONSE, c.PartitionsResponse, {
        requestId: c.Partitions.read(body).requestId,
        partitions: this.partitions,
        response: 0,
      });
    } else if (type === Type.LOOKUP) {
      socket.reply(Type.LOOKUP_RESPONSE, c.LookupResponse, {
        requestId: c.Lookup.read(body).requestId,
        response: 1,
        brokerUrl: this.url,
      });
    } else if (type === Type.PRODUCER) {
      const { requestId, producerId, name = 'made-up' } = c.Producer.read(body);
      this.producers.set(producerId, socket);
      socket.reply(Type.PRODUCER_SUCCESS, c.ProducerSuccess, { requestId, name, lastSequenceId: -1 });
    } else if (type === Type.SEND) {
      const { producerId, sequenceId } = Send.read(body);
      if (entry.readUInt16BE(0) !== MAGIC_CRC32C) throw new Error('no checksum');
      this.entries.push(Buffer.from(entry));
      socket.reply(Type.SEND_RECEIPT, c.SendReceipt, {
        producerId,
        sequenceId,
        messageId: { ledgerId: 7, entryId: this.entries.length - 1 },
      });
      this.deliver();
    } else if (type === Type.SUBSCRIBE) {
      const { requestId, consumerId } = c.Subscribe.read(body);
      this.consumer = { socket, consumerId, permits: 0 };
      succeed(requestId);
    } else if (type === Type.FLOW) {
      const { consumerId, permits } = c.Flow.read(body);
      if (this.consumer?.consumerId === consumerId) this.consumer.permits += permits;
      this.deliver();
    } else if (type === Type.ACK) {
      const ack = c.Ack.read(body);
      this.acks.push(ack);
      if (ack.requestId !== undefined)
        socket.reply(Type.ACK_RESPONSE, c.AckResponse, { consumerId: ack.consumerId, requestId: ack.requestId });
    } else if (type === Type.REDELIVER) {
      this.cursor = 0;
      this.deliver();
    } else if (type === Type.LAST_MESSAGE_ID) {
      const { requestId = 0 } = c.OfConsumer.read(body);
      const lastMessageId = { ledgerId: 7, entryId: this.entries.length - 1 };
      socket.reply(Type.LAST_MESSAGE_ID_RESPONSE, c.LastMessageIdResponse, { requestId, lastMessageId });
    } else if (type === Type.SEEK) {
      const { requestId, messageId } = c.Seek.read(body);
      this.cursor = Math.max(0, Math.min(messageId?.entryId ?? 0, this.entries.length));
      this.detach('consumer');
      succeed(requestId);
    } else if (type === Type.CLOSE_PRODUCER || type === Type.CLOSE_CONSUMER || type === Type.UNSUBSCRIBE) {
      succeed(c.OfConsumer.read(body).requestId ?? 0);
    }
  }
}

/** The frame of an entry with one bit of its payload changed. */
export function damaged(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy[copy.length - 1] = copy.at(-1)! ^ 1;
  return copy;
}
