/** A Pulsar client in pure TypeScript, with the API of the npm package `pulsar-client`. */
export { Client, type AttachmentEvent, type ClientEvents, type ConnectionEvent } from './client';
export { LogLevel, type ClientConfig, type LogHandler } from './client-config';
export type { CompressionType } from './compression/codec';
export type { AttachmentState } from './connection/attachment';
export {
  AuthenticationTls,
  AuthenticationToken,
  type Authentication,
  type TokenSource,
} from './connection/authentication';
export { Consumer } from './consumer/consumer';
export type {
  ConsumerBatchReceivePolicy,
  ConsumerConfig,
  InitialPosition,
  SubscriptionType,
} from './consumer/consumer-config';
export { ERROR_CODES, PulsarError, type PulsarErrorCode } from './errors';
export { Message, type ProducerMessage } from './message';
export { MessageId } from './message-id';
export { Producer } from './producer/producer';
export type { HashingScheme, MessageRouter, MessageRoutingMode, ProducerConfig } from './producer/producer-config';
export { Reader, type ReaderConfig } from './reader/reader';
export type { SchemaInfo, SchemaType } from './schema/schema';
