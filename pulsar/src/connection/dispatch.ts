import { PulsarError } from '../errors';
import * as c from '../wire/commands';
import { readEntry } from '../wire/entry';
import type { MessageType } from '../wire/message-type';
import { Reader } from '../wire/reader';
import { serverError } from '../wire/server-error';
import type { Connection } from './connection';

/** Hands a frame from the broker to whom it concerns. Raises PROTOCOL_ERROR, which ends the connection. */
export function dispatch(connection: Connection, frame: Buffer): void {
  const commandEnd = 4 + frame.readUInt32BE(0);
  if (commandEnd > frame.length) throw new PulsarError('PROTOCOL_ERROR', 'a command is longer than its frame');
  const { type, body } = command(frame, commandEnd);
  if (type === c.Type.MESSAGE) {
    const entry = readEntry(body, frame, commandEnd);
    connection.consumers.get(entry.consumerId)?.onEntry(entry);
    return;
  }
  HANDLERS[type]?.(connection, body);
}

/** The type of a BaseCommand, and a reader of the command itself. */
export function command(frame: Buffer, end: number): { type: number; body: Reader } {
  const r = new Reader(frame, 4, end);
  let type = 0;
  let field = 0;
  let start = 4;
  let stop = 4;
  while (r.more()) {
    const tag = r.varint();
    if (tag === 8) type = r.varint();
    else if ((tag & 7) === 2) {
      field = Math.floor(tag / 8);
      stop = r.delimited();
      start = r.at;
      r.at = stop;
    } else r.skip(tag);
  }
  if (field !== type) throw new PulsarError('PROTOCOL_ERROR', `command ${type} came with the fields of ${field}`);
  return { type, body: new Reader(frame, start, stop) };
}

type Handler = (connection: Connection, body: Reader) => void;
interface Answer {
  requestId?: number | undefined;
  error?: number | undefined;
  message?: string | undefined;
}

// An answer that may itself say that the request failed.
const answer =
  <T extends Answer>(type: MessageType<T>): Handler =>
  (connection, body) => {
    const read = type.read(body);
    if (read.requestId === undefined) return;
    if (read.error === undefined) connection.requests.answer(read.requestId, read);
    else connection.requests.fail(read.requestId, serverError(read.error, read.message ?? ''));
  };

const HANDLERS: Partial<Record<number, Handler>> = {
  [c.Type.CONNECTED]: (connection, body) => connection.welcome(c.Connected.read(body).maxMessageSize),
  [c.Type.PING]: (connection) => connection.send(c.Type.PONG, c.Nothing, {}),
  [c.Type.AUTH_CHALLENGE]: (connection) => void connection.answerChallenge(),
  [c.Type.SUCCESS]: answer(c.Success),
  [c.Type.PRODUCER_SUCCESS]: answer(c.ProducerSuccess),
  [c.Type.PARTITIONS_RESPONSE]: answer(c.PartitionsResponse),
  [c.Type.LOOKUP_RESPONSE]: answer(c.LookupResponse),
  [c.Type.LAST_MESSAGE_ID_RESPONSE]: answer(c.LastMessageIdResponse),
  [c.Type.GET_SCHEMA_RESPONSE]: answer(c.GetSchemaResponse),
  [c.Type.ACK_RESPONSE]: answer(c.AckResponse),
  [c.Type.ERROR]: (connection, body) => {
    const { requestId, error, message } = c.Failure.read(body);
    const failure = serverError(error, message, { url: connection.url });
    // Before CONNECTED there is only one thing that can have failed.
    if (connection.state === 'handshaking') connection.close(failure);
    else connection.requests.fail(requestId, failure);
  },
  [c.Type.SEND_RECEIPT]: (connection, body) => {
    const { producerId, sequenceId, messageId } = c.SendReceipt.read(body);
    connection.producers.get(producerId)?.onReceipt(sequenceId, messageId);
  },
  [c.Type.SEND_ERROR]: (connection, body) => {
    const { producerId, sequenceId, error, message } = c.SendError.read(body);
    connection.producers.get(producerId)?.onSendError(sequenceId, serverError(error, message));
  },
  [c.Type.CLOSE_PRODUCER]: (connection, body) => {
    const { producerId, ...moved } = c.CloseProducer.read(body);
    const handler = connection.producers.get(producerId);
    connection.producers.delete(producerId);
    handler?.onDetached(closedByBroker(connection), target(connection, moved));
  },
  [c.Type.CLOSE_CONSUMER]: (connection, body) => {
    const { consumerId, ...moved } = c.CloseConsumer.read(body);
    const handler = connection.consumers.get(consumerId);
    connection.consumers.delete(consumerId);
    handler?.onDetached(closedByBroker(connection), target(connection, moved));
  },
  [c.Type.TOPIC_MIGRATED]: (connection, body) => {
    const { resourceId, resourceType, ...moved } = c.TopicMigrated.read(body);
    const handlers = resourceType === 0 ? connection.producers : connection.consumers;
    const handler = handlers.get(resourceId);
    handlers.delete(resourceId);
    handler?.onDetached(closedByBroker(connection), target(connection, moved));
  },
  [c.Type.ACTIVE_CONSUMER_CHANGE]: (connection, body) => {
    const { consumerId, active } = c.ActiveConsumerChange.read(body);
    connection.consumers.get(consumerId)?.onActiveChange(active ?? false);
  },
  [c.Type.END_OF_TOPIC]: (connection, body) =>
    connection.consumers.get(c.OfConsumer.read(body).consumerId)?.onEndOfTopic(),
};

function closedByBroker(connection: Connection): PulsarError {
  return new PulsarError('SERVICE_NOT_READY', `${connection.url} closed it: the topic moves`, {
    details: { url: connection.url },
  });
}

function target(
  connection: Connection,
  moved: { brokerUrl?: string | undefined; brokerUrlTls?: string | undefined },
): string | undefined {
  return connection.endpoint.tls ? moved.brokerUrlTls : moved.brokerUrl;
}
