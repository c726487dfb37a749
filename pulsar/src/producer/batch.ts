import { writeSingleMetadata } from '../wire/metadata';
import { Writer } from '../wire/writer';
import type { Sending } from './sending';

/** Messages being collected for one entry: [metadata size 4][metadata][payload] for each. */
export class Batch {
  readonly messages: Sending[] = [];
  readonly firstSequenceId: number;
  lastSequenceId: number;
  private readonly writer: Writer;

  constructor(firstSequenceId: number, capacity: number) {
    this.firstSequenceId = this.lastSequenceId = firstSequenceId;
    this.writer = new Writer(capacity);
  }

  /** Bytes so far. */
  get size(): number {
    return this.writer.length;
  }

  add(sending: Sending, sequenceId: number): void {
    const { data, properties, partitionKey, eventTimestamp, orderingKey } = sending.message;
    const to = this.writer;
    to.reserve(4);
    const start = to.length;
    to.length = start + 4;
    writeSingleMetadata(to, {
      properties,
      partitionKey,
      payloadSize: data.length,
      eventTime: eventTimestamp,
      orderingKey: orderingKey === undefined ? undefined : Buffer.from(orderingKey),
      sequenceId,
    });
    to.bytes.writeUInt32BE(to.length - start - 4, start);
    to.raw(data);
    this.messages.push(sending);
    this.lastSequenceId = sequenceId;
  }

  /** The payload of the entry; the batch must not be used afterwards. */
  payload(): Buffer {
    return this.writer.view();
  }
}
