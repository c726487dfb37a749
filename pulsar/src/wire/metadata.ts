import { readProperties, writeProperties, type Properties } from './properties';
import { Reader } from './reader';
import type { Writer } from './writer';

/** MessageMetadata: what describes an entry, which is one message or a batch of them. Hand-written: once for every entry. */
export interface Metadata {
  producerName: string;
  sequenceId: number;
  /** Milliseconds since 1970. */
  publishTime: number;
  properties?: Properties | undefined;
  replicatedFrom?: string | undefined;
  partitionKey?: string | undefined;
  keyIsBase64?: boolean | undefined;
  replicateTo?: string[] | undefined;
  /** See `compression/codec.ts`. */
  compression?: number | undefined;
  uncompressedSize?: number | undefined;
  /** There only when the entry is a batch. */
  messagesInBatch?: number | undefined;
  eventTime?: number | undefined;
  encrypted?: boolean | undefined;
  schemaVersion?: Uint8Array | undefined;
  orderingKey?: Uint8Array | undefined;
  deliverAt?: number | undefined;
  highestSequenceId?: number | undefined;
  /** Set on entries that the broker made for itself. */
  marker?: boolean | undefined;
  chunks?: number | undefined;
}

/** Appends the encoded metadata. */
export function writeMetadata(to: Writer, m: Metadata): void {
  to.text(1, m.producerName);
  to.number(2, m.sequenceId);
  to.number(3, m.publishTime);
  writeProperties(to, 4, m.properties);
  if (m.replicatedFrom !== undefined) to.text(5, m.replicatedFrom);
  if (m.partitionKey !== undefined) to.text(6, m.partitionKey);
  m.replicateTo?.forEach((cluster) => to.text(7, cluster));
  if (m.compression) to.number(8, m.compression);
  if (m.uncompressedSize !== undefined) to.number(9, m.uncompressedSize);
  if (m.messagesInBatch !== undefined) to.number(11, m.messagesInBatch);
  if (m.eventTime) to.number(12, m.eventTime);
  if (m.schemaVersion !== undefined) to.blob(16, m.schemaVersion);
  if (m.keyIsBase64) to.number(17, 1);
  if (m.orderingKey !== undefined) to.blob(18, m.orderingKey);
  if (m.deliverAt !== undefined) to.number(19, m.deliverAt);
  if (m.highestSequenceId !== undefined) to.number(24, m.highestSequenceId);
}

/** Decodes `bytes[start, end)`. Properties are read now only when the entry is a single message. */
export function readMetadata(bytes: Buffer, start: number, end: number): Metadata {
  const r = new Reader(bytes, start, end);
  const m: Metadata = { producerName: '', sequenceId: 0, publishTime: 0 };
  while (r.more()) {
    const tag = r.varint();
    // prettier-ignore
    switch (tag) {
      case 10: m.producerName = r.text(); break;
      case 16: m.sequenceId = r.varint(); break;
      case 24: m.publishTime = r.varint(); break;
      case 42: m.replicatedFrom = r.text(); break;
      case 50: m.partitionKey = r.text(); break;
      case 58: (m.replicateTo ??= []).push(r.text()); break;
      case 64: m.compression = r.varint(); break;
      case 72: m.uncompressedSize = r.varint(); break;
      case 88: m.messagesInBatch = r.varint(); break;
      case 96: m.eventTime = r.varint(); break;
      case 106: m.encrypted = true; r.skip(tag); break;
      case 130: m.schemaVersion = r.blob(); break;
      case 136: m.keyIsBase64 = r.varint() !== 0; break;
      case 146: m.orderingKey = r.blob(); break;
      case 152: m.deliverAt = r.varint(); break;
      case 160: m.marker = true; r.skip(tag); break;
      case 192: m.highestSequenceId = r.varint(); break;
      case 216: m.chunks = r.varint(); break;
      default: r.skip(tag);
    }
  }
  if (m.messagesInBatch === undefined) m.properties = readProperties(bytes, start, end, 4);
  return m;
}

/** SingleMessageMetadata: what describes one message inside a batch. */
export interface SingleMetadata {
  properties?: Properties | undefined;
  partitionKey?: string | undefined;
  keyIsBase64?: boolean | undefined;
  payloadSize: number;
  compactedOut?: boolean | undefined;
  eventTime?: number | undefined;
  orderingKey?: Uint8Array | undefined;
  sequenceId?: number | undefined;
}

/** Appends the encoded metadata of one message. */
export function writeSingleMetadata(to: Writer, m: SingleMetadata): void {
  writeProperties(to, 1, m.properties);
  if (m.partitionKey !== undefined) to.text(2, m.partitionKey);
  to.number(3, m.payloadSize);
  if (m.compactedOut) to.number(4, 1);
  if (m.eventTime) to.number(5, m.eventTime);
  if (m.keyIsBase64) to.number(6, 1);
  if (m.orderingKey !== undefined) to.blob(7, m.orderingKey);
  if (m.sequenceId !== undefined) to.number(8, m.sequenceId);
}

/** Decodes `bytes[start, end)`, without the properties: `readProperties(bytes, start, end, 1)` gives those. */
export function readSingleMetadata(bytes: Buffer, start: number, end: number): SingleMetadata {
  const r = new Reader(bytes, start, end);
  const m: SingleMetadata = {
    payloadSize: 0,
    partitionKey: undefined,
    keyIsBase64: undefined,
    compactedOut: undefined,
    eventTime: undefined,
    orderingKey: undefined,
    sequenceId: undefined,
  };
  while (r.more()) {
    const tag = r.varint();
    // prettier-ignore
    switch (tag) {
      case 18: m.partitionKey = r.text(); break;
      case 24: m.payloadSize = r.varint(); break;
      case 32: m.compactedOut = r.varint() !== 0; break;
      case 40: m.eventTime = r.varint(); break;
      case 48: m.keyIsBase64 = r.varint() !== 0; break;
      case 58: m.orderingKey = r.blob(); break;
      case 64: m.sequenceId = r.varint(); break;
      default: r.skip(tag);
    }
  }
  return m;
}
