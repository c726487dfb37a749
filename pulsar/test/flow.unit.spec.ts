import { MessageId, type Client, type PulsarError } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchAcks } from '../src/consumer/batch-acks';
import * as c from '../src/wire/commands';
import { damaged, FakeBroker } from './fake/fake-broker';
import { Clients, receiveTexts, sendTexts, texts, until } from './support';

const clients = new Clients();
let broker: FakeBroker;
let client: Client;

beforeEach(async () => {
  broker = await new FakeBroker().start();
  client = clients.make({
    serviceUrl: broker.url,
    reconnectBackOffMs: { first: 10, max: 50 },
    partitionsUpdateIntervalMs: 20,
  });
});
afterEach(async () => {
  await clients.close();
  await broker.stop();
});
const options = { topic: 't', subscription: 's', ackGroupingTimeMs: 20 };

test('acknowledgements are grouped, those of a batch become one', async () => {
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't', batchingMaxMessages: 5 });
  await sendTexts(producer, texts(20));
  await receiveTexts(consumer, 20);
  await until('they arrive', () => broker.acks.length > 0);
  expect(broker.acks).toHaveLength(1);
  expect(broker.acks[0]?.messageIds?.map(({ entryId }) => entryId)).toEqual([0, 1, 2, 3]);
});

test('with receipts, acknowledging waits; what was not confirmed is sent again on the next connection', async () => {
  const consumer = await client.subscribe({ ...options, ackReceiptEnabled: true, ackGroupingTimeMs: 0 });
  await sendTexts(await client.createProducer({ topic: 't', batchingEnabled: false }), ['x']);
  const message = await consumer.receive(1_000);
  broker.hooks.set(c.Type.ACK, () => true);
  let done = false;
  const acknowledging = consumer.acknowledge(message).then(() => (done = true));
  await sleep(50);
  expect(done).toBe(false);
  broker.hooks.clear();
  broker.cut();
  await acknowledging;
  expect(broker.acks.at(-1)?.messageIds).toEqual([{ ledgerId: 7, entryId: 0 }]);
});

test('parts of a batch: with batch index acknowledgement as bits, without as the entry before', async () => {
  await sendTexts(await client.createProducer({ topic: 't', batchingMaxMessages: 5 }), texts(15));
  const bits = await client.subscribe({ ...options, batchIndexAckEnabled: true });
  const seen = [];
  for (let i = 0; i < 15; i++) seen.push(await bits.receive(1_000));
  await bits.acknowledge(seen[1]!);
  await until('it arrives', () => broker.acks.length === 1);
  expect(broker.acks[0]?.messageIds?.[0]).toMatchObject({ entryId: 0, batchSize: 5, ackSet: [0b11101n] });
  await bits.acknowledgeCumulative(seen[6]!);
  await until('it arrives', () => broker.acks.length === 2);
  expect(broker.acks[1]).toMatchObject({ type: 1, messageIds: [{ entryId: 1, ackSet: [0b11100n] }] });
  await bits.close();
  broker.cursor = 0;
  const whole = await client.subscribe(options);
  const again = [];
  for (let i = 0; i < 15; i++) again.push(await whole.receive(1_000));
  await whole.acknowledgeCumulative(again[12]!);
  await until('it arrives', () => broker.acks.length === 3);
  expect(broker.acks[2]).toMatchObject({ type: 1, messageIds: [{ entryId: 1 }] });
});

test('the bits of a batch, both ways', () => {
  const acks = new BatchAcks(70, [-1n, 0b111011n]);
  expect(acks.has(66)).toBe(true);
  acks.acknowledgeUpTo(63);
  acks.acknowledge(66);
  acks.acknowledge(99);
  expect(acks.toWords()).toEqual([0n, 0b111011n]);
  acks.acknowledgeUpTo(69);
  expect(acks.complete).toBe(true);
});

test('permits: never more than the queue, given again by halves', async () => {
  const consumer = await client.subscribe({ ...options, receiverQueueSize: 10 });
  await sendTexts(await client.createProducer({ topic: 't', batchingEnabled: false }), texts(30));
  await until('ten are here', () => broker.cursor === 10);
  await receiveTexts(consumer, 4);
  await sleep(30);
  expect(broker.cursor).toBe(10);
  await receiveTexts(consumer, 1);
  await until('five more', () => broker.cursor === 15);
  expect(await receiveTexts(consumer, 25)).toEqual(texts(30).slice(5));
});

test('a damaged message is fetched once more; damaged again it is an error, and the next one comes', async () => {
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false });
  let damage = 1;
  broker.deliver = (
    (original) => (change?: (frame: Buffer) => Buffer) =>
      original.call(broker, change ?? ((frame) => (damage-- > 0 ? damaged(frame) : frame)))
  )(broker.deliver);
  const reset = (): void => void (broker.cursor = 0);
  client.events.on('connection', ({ state }) => state === 'closed' && reset());
  await sendTexts(producer, ['a']);
  expect(await receiveTexts(consumer, 1)).toEqual(['a']);
  broker.cursor = broker.entries.length;
  damage = 2;
  client.events.removeAllListeners('connection');
  client.events.on('connection', ({ state }) => state === 'closed' && (broker.cursor = 1));
  await sendTexts(producer, ['b']).catch(() => undefined);
  await expect(consumer.receive(2_000)).rejects.toMatchObject({ code: 'CORRUPT_MESSAGE' });
  await sendTexts(producer, ['c']);
  const rest = await receiveTexts(consumer, 1);
  expect(['b', 'c']).toContain(rest[0]);
});

test('a reader goes on after the last message taken when its connection is lost', async () => {
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false });
  await sendTexts(producer, texts(5));
  const starts: (number | undefined)[] = [];
  broker.hooks.set(c.Type.SUBSCRIBE, (_, body) => {
    const { startMessageId, durable } = c.Subscribe.read(body);
    expect(durable).toBe(false);
    starts.push(startMessageId?.entryId);
    broker.cursor = (startMessageId?.entryId ?? -1) + 1;
    return false;
  });
  const reader = await client.createReader({ topic: 't', startMessageId: MessageId.earliest() });
  const seen: string[] = [];
  for (let i = 0; i < 5; i++) {
    expect(reader.hasNext()).toBe(true);
    seen.push((await reader.readNext(1_000)).getData().toString());
    if (i === 2) broker.cut();
    if (i === 2) await until('it is back', () => reader.isConnected() && starts.length === 2);
  }
  expect(seen).toEqual(texts(5));
  expect(starts).toEqual([-1, 2]);
  expect(reader.hasNext()).toBe(false);
});

test('partitions that are added are written and read', async () => {
  broker.partitions = 2;
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't' });
  expect(broker.count(c.Type.PRODUCER)).toBe(2);
  broker.partitions = 3;
  await until('both noticed', () => broker.count(c.Type.PRODUCER) === 3 && broker.count(c.Type.SUBSCRIBE) === 3);
  expect(await client.getPartitionsForTopic('t')).toHaveLength(3);
  expect([producer.isConnected(), consumer.isConnected()]).toEqual([true, true]);
});

test.each([
  [9, undefined],
  [2, undefined],
  [22, 'BROKER_ERROR'],
  [4, 'NOT_AUTHORIZED'],
])('a refused entry (error %d): sent again, or failed with %s', async (error, code) => {
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false });
  let refusals = 1;
  broker.hooks.set(c.Type.SEND, (socket, body) => {
    if (refusals-- <= 0) return false;
    const { producerId, sequenceId } = c.SendReceipt.read(body);
    socket.reply(c.Type.SEND_ERROR, c.SendError, { producerId, sequenceId, error, message: 'no' });
    return true;
  });
  const outcome = await producer.send({ data: Buffer.from('x') }).then(
    () => undefined,
    (thrown: unknown) => (thrown as PulsarError).code,
  );
  expect(outcome).toBe(code);
  await sendTexts(producer, ['y']);
  expect(producer.getPending()).toEqual({ messages: 0, open: true });
});

test('a message without receipt times out, frees its place, and its late receipt harms nobody', async () => {
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false, sendTimeoutMs: 300 });
  const late: (() => void)[] = [];
  broker.hooks.set(c.Type.SEND, (socket, body) => {
    const { producerId, sequenceId } = c.SendReceipt.read(body);
    late.push(() =>
      socket.reply(c.Type.SEND_RECEIPT, c.SendReceipt, {
        producerId,
        sequenceId,
        messageId: { ledgerId: 1, entryId: sequenceId },
      }),
    );
    return true;
  });
  await expect(producer.send({ data: Buffer.from('x') })).rejects.toMatchObject({ code: 'SEND_TIMEOUT' });
  expect(producer.getPending().messages).toBe(0);
  const second = producer.send({ data: Buffer.from('y') });
  await until('both are sent', () => late.length === 2);
  for (const receipt of late) receipt();
  expect((await second).entryId).toBe(1);
});

test('receipts may come in another order: deduplication answers at once', async () => {
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false });
  const receipts: (() => void)[] = [];
  broker.hooks.set(c.Type.SEND, (socket, body) => {
    const { producerId, sequenceId } = c.SendReceipt.read(body);
    receipts.push(() =>
      socket.reply(c.Type.SEND_RECEIPT, c.SendReceipt, {
        producerId,
        sequenceId,
        messageId: { ledgerId: 1, entryId: sequenceId },
      }),
    );
    return true;
  });
  const sending = [5, 6, 2].map((sequenceId) => producer.send({ data: Buffer.from('x'), sequenceId }));
  await until('all are sent', () => receipts.length === 3);
  for (const receipt of receipts.reverse()) receipt();
  expect((await Promise.all(sending)).map(({ entryId }) => entryId)).toEqual([5, 6, 2]);
});

test('options that are not covered are refused, wrong ones too', async () => {
  const producer = (extra: object) => client.createProducer({ topic: 't', ...extra });
  const consumer = (extra: object) => client.subscribe({ ...options, ...extra });
  for (const extra of [
    { chunkingEnabled: true },
    { accessMode: 'Exclusive' },
    { compressionType: 'LZ4' },
    { hashingScheme: 'BoostHash' },
    { schema: { schemaType: 'Protobuf' } },
  ]) {
    await expect(producer(extra)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  }
  for (const extra of [
    { topicsPattern: 'x' },
    { subscriptionType: 'KeyShared' },
    { deadLetterPolicy: { deadLetterTopic: 'd' } },
  ]) {
    await expect(consumer(extra)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  }
  for (const extra of [
    { topic: '' },
    { maxPendingMessages: 0 },
    { messageRoutingMode: 'Nowhere' },
    { messageRoutingMode: 'CustomPartition' },
    { schema: { schemaType: 'Json', schema: '{' } },
  ]) {
    await expect(producer(extra)).rejects.toMatchObject({ code: 'INVALID_CONFIGURATION' });
  }
  for (const extra of [{ subscription: '' }, { ackTimeoutMs: 5 }, { receiverQueueSize: 0 }]) {
    await expect(consumer(extra)).rejects.toMatchObject({ code: 'INVALID_CONFIGURATION' });
  }
});

test('a router of one’s own', async () => {
  broker.partitions = 3;
  const producer = await client.createProducer({
    topic: 't',
    batchingEnabled: false,
    messageRoutingMode: 'CustomPartition',
    messageRouter: (message, { numPartitions }) =>
      message.getPartitionKey() === 'bad' ? 9 : Number(message.getData().toString()) % numPartitions,
  });
  const ids = await Promise.all(['0', '1', '2', '4'].map((text) => producer.send({ data: Buffer.from(text) })));
  expect(ids.map(({ partition }) => partition)).toEqual([0, 1, 2, 1]);
  await expect(producer.send({ data: Buffer.from('1'), partitionKey: 'bad' })).rejects.toMatchObject({
    code: 'INVALID_CONFIGURATION',
  });
});

test('ids: text, bytes, order', () => {
  const id = new MessageId(1, 2, 3, 4, 5);
  expect(MessageId.deserialize(id.serialize())).toEqual(id);
  expect(id.toString()).toBe('(1,2,3,4)');
  expect(MessageId.deserialize(MessageId.latest().serialize()).toString()).toBe(
    '(9223372036854775807,9223372036854775807,-1,-1)',
  );
  expect(MessageId.deserialize(MessageId.earliest().serialize()).toString()).toBe('(-1,-1,-1,-1)');
  expect(id.compareTo(new MessageId(1, 2, 3, 5))).toBeLessThan(0);
  expect(MessageId.earliest().compareTo(id)).toBeLessThan(0);
  expect(() => id.compareTo(new MessageId(1, 2, 9))).toThrow('two partitions');
});
