import { blob, bool, longs, message, nested, repeated, required, text, uint, type MessageOf } from './message-type';

/*
 * The commands this client uses, written from Pulsar's public protocol documentation
 * (https://pulsar.apache.org/docs/4.0.x/developing-binary-protocol/). Field names are ours, numbers are Pulsar's;
 * fields that this client neither sends nor reads are left out.
 */

/** Protocol version we speak: 21 carries everything below, acknowledgement receipts (17) included. */
export const PROTOCOL_VERSION = 21;

/** Command types; in a BaseCommand the type is also the number of the field that holds the command. */
export const Type = {
  CONNECT: 2,
  CONNECTED: 3,
  SUBSCRIBE: 4,
  PRODUCER: 5,
  SEND: 6,
  SEND_RECEIPT: 7,
  SEND_ERROR: 8,
  MESSAGE: 9,
  ACK: 10,
  FLOW: 11,
  UNSUBSCRIBE: 12,
  SUCCESS: 13,
  ERROR: 14,
  CLOSE_PRODUCER: 15,
  CLOSE_CONSUMER: 16,
  PRODUCER_SUCCESS: 17,
  PING: 18,
  PONG: 19,
  REDELIVER: 20,
  PARTITIONS: 21,
  PARTITIONS_RESPONSE: 22,
  LOOKUP: 23,
  LOOKUP_RESPONSE: 24,
  END_OF_TOPIC: 27,
  SEEK: 28,
  LAST_MESSAGE_ID: 29,
  LAST_MESSAGE_ID_RESPONSE: 30,
  ACTIVE_CONSUMER_CHANGE: 31,
  GET_SCHEMA: 34,
  GET_SCHEMA_RESPONSE: 35,
  AUTH_CHALLENGE: 36,
  AUTH_RESPONSE: 37,
  ACK_RESPONSE: 38,
  TOPIC_MIGRATED: 68,
} as const;
export type CommandType = (typeof Type)[keyof typeof Type];

export const Pair = message('KeyValue', { key: required(text(1)), value: required(text(2)) });
export const MessageIdData = message('MessageIdData', {
  ledgerId: required(uint(1)),
  entryId: required(uint(2)),
  partition: uint(3),
  batchIndex: uint(4),
  ackSet: longs(5),
  batchSize: uint(6),
});
export type MessageIdData = MessageOf<{
  ledgerId: ReturnType<typeof required<number>>;
  entryId: ReturnType<typeof required<number>>;
  partition: ReturnType<typeof uint>;
  batchIndex: ReturnType<typeof uint>;
  ackSet: ReturnType<typeof longs>;
  batchSize: ReturnType<typeof uint>;
}>;
export const Schema = message('Schema', {
  name: required(text(1)),
  data: required(blob(3)),
  type: required(uint(4)),
  properties: repeated(nested(5, Pair)),
});

const request = required(uint(1));
const failure = (error: number, reason: number) => ({ error: uint(error), message: text(reason) });

export const Connect = message('Connect', {
  clientVersion: required(text(1)),
  authData: blob(3),
  protocolVersion: uint(4),
  authMethod: text(5),
  proxyToBroker: text(6),
  features: nested(
    10,
    message('FeatureFlags', { authRefresh: bool(1), brokerEntryMetadata: bool(2), partialProducer: bool(3) }),
  ),
});
export const Connected = message('Connected', {
  serverVersion: required(text(1)),
  protocolVersion: uint(2),
  maxMessageSize: uint(3),
});
const AuthData = message('AuthData', { method: text(1), data: blob(2) });
export const AuthChallenge = message('AuthChallenge', { challenge: nested(2, AuthData) });
export const AuthResponse = message('AuthResponse', {
  clientVersion: text(1),
  response: nested(2, AuthData),
  protocolVersion: uint(3),
});

export const Subscribe = message('Subscribe', {
  topic: required(text(1)),
  subscription: required(text(2)),
  type: required(uint(3)),
  consumerId: required(uint(4)),
  requestId: required(uint(5)),
  consumerName: text(6),
  durable: bool(8),
  startMessageId: nested(9, MessageIdData),
  properties: repeated(nested(10, Pair)),
  readCompacted: bool(11),
  schema: nested(12, Schema),
  initialPosition: uint(13),
  replicateState: bool(14),
  forceTopicCreation: bool(15),
  consumerEpoch: uint(19),
});
export const Producer = message('Producer', {
  topic: required(text(1)),
  producerId: required(uint(2)),
  requestId: required(uint(3)),
  name: text(4),
  properties: repeated(nested(6, Pair)),
  schema: nested(7, Schema),
  epoch: uint(8),
  userProvidedName: bool(9),
});
export const ProducerSuccess = message('ProducerSuccess', {
  requestId: request,
  name: required(text(2)),
  lastSequenceId: uint(3),
  schemaVersion: blob(4),
});
export const Partitions = message('PartitionedTopicMetadata', {
  topic: required(text(1)),
  requestId: required(uint(2)),
});
export const PartitionsResponse = message('PartitionedTopicMetadataResponse', {
  partitions: uint(1),
  requestId: required(uint(2)),
  response: uint(3),
  ...failure(4, 5),
});
export const Lookup = message('LookupTopic', {
  topic: required(text(1)),
  requestId: required(uint(2)),
  authoritative: bool(3),
  listenerName: text(7),
});
export const LookupResponse = message('LookupTopicResponse', {
  brokerUrl: text(1),
  brokerUrlTls: text(2),
  response: uint(3),
  requestId: required(uint(4)),
  authoritative: bool(5),
  ...failure(6, 7),
  throughProxy: bool(8),
});
export const SendReceipt = message('SendReceipt', {
  producerId: required(uint(1)),
  sequenceId: required(uint(2)),
  messageId: nested(3, MessageIdData),
});
export const SendError = message('SendError', {
  producerId: required(uint(1)),
  sequenceId: required(uint(2)),
  error: required(uint(3)),
  message: required(text(4)),
});
export const Ack = message('Ack', {
  consumerId: required(uint(1)),
  type: required(uint(2)),
  messageIds: repeated(nested(3, MessageIdData)),
  validationError: uint(4),
  requestId: uint(8),
});
export const AckResponse = message('AckResponse', {
  consumerId: required(uint(1)),
  ...failure(4, 5),
  requestId: uint(6),
});
export const Flow = message('Flow', { consumerId: required(uint(1)), permits: required(uint(2)) });
export const OfConsumer = message('command of a consumer', { consumerId: required(uint(1)), requestId: uint(2) });
export const OfProducer = message('command of a producer', { producerId: required(uint(1)), requestId: uint(2) });
const moved = { requestId: uint(2), brokerUrl: text(3), brokerUrlTls: text(4) };
export const CloseConsumer = message('CloseConsumer', { consumerId: required(uint(1)), ...moved });
export const CloseProducer = message('CloseProducer', { producerId: required(uint(1)), ...moved });
export const ActiveConsumerChange = message('ActiveConsumerChange', { consumerId: required(uint(1)), active: bool(2) });
export const Seek = message('Seek', {
  consumerId: required(uint(1)),
  requestId: required(uint(2)),
  messageId: nested(3, MessageIdData),
  publishTime: uint(4),
});
export const Redeliver = message('RedeliverUnacknowledgedMessages', {
  consumerId: required(uint(1)),
  messageIds: repeated(nested(2, MessageIdData)),
  consumerEpoch: uint(3),
});
export const Success = message('Success', { requestId: request });
export const Failure = message('Error', { requestId: request, error: required(uint(2)), message: required(text(3)) });
export const LastMessageIdResponse = message('GetLastMessageIdResponse', {
  lastMessageId: required(nested(1, MessageIdData)),
  requestId: required(uint(2)),
  markDeletePosition: nested(3, MessageIdData),
});
export const GetSchema = message('GetSchema', { requestId: request, topic: required(text(2)), version: blob(3) });
export const GetSchemaResponse = message('GetSchemaResponse', {
  requestId: request,
  ...failure(2, 3),
  schema: nested(4, Schema),
  version: blob(5),
});
export const TopicMigrated = message('TopicMigrated', {
  resourceId: required(uint(1)),
  resourceType: required(uint(2)),
  brokerUrl: text(3),
  brokerUrlTls: text(4),
});
export const Nothing = message('Ping or Pong', {});
