import { Client, LogLevel, MessageId, type Message } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';
import * as c from '../src/wire/commands';
import { COMPRESSION } from '../src/compression/codec';
import { FakeBroker } from './fake/fake-broker';
import { Clients, isSilent, receiveTexts, sendTexts, texts, until } from './support';

const clients = new Clients();
let broker: FakeBroker;
let client: Client;

beforeEach(async () => {
  broker = await new FakeBroker().start();
  client = clients.make({ serviceUrl: broker.url, reconnectBackOffMs: { first: 10, max: 50 } });
});
afterEach(async () => {
  await clients.close();
  await broker.stop();
});
const options = { topic: 't', subscription: 's', ackGroupingTimeMs: 0 };
const send = async (count: number, batchingMaxMessages = 5): Promise<void> => {
  const producer = await client.createProducer({ topic: 't', batchingMaxMessages });
  await sendTexts(producer, texts(count));
};

test.each([true, false])('a message as it was sent, batched: %s', async (batchingEnabled) => {
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't', batchingEnabled, compressionType: 'Zlib' });
  await producer.send({
    data: Buffer.from('x'),
    properties: { a: 'b' },
    partitionKey: 'k',
    orderingKey: 'o',
    eventTimestamp: 5,
    sequenceId: 9,
  });
  const message = await consumer.receive(1_000);
  expect([message.getTopicName(), message.getPartitionKey(), message.getOrderingKey()]).toEqual([
    'persistent://public/default/t',
    'k',
    'o',
  ]);
  expect([message.getProperties(), message.getEventTimestamp(), message.getSequenceId()]).toEqual([{ a: 'b' }, 5, 9]);
  expect([message.getProducerName(), message.isReplicated(), message.getReplicatedFrom()]).toEqual([
    'made-up',
    false,
    '',
  ]);
  expect([message.getSchemaVersion(), message.getEncryptionContext(), message.getRedeliveryCount()]).toEqual([
    null,
    null,
    0,
  ]);
  await producer.send({ data: Buffer.alloc(0) });
  const bare = await consumer.receive(1_000);
  expect([bare.getPartitionKey(), bare.getOrderingKey(), bare.getEventTimestamp(), bare.getProperties()]).toEqual([
    '',
    '',
    0,
    {},
  ]);
  expect(bare.getSequenceId()).toBe(10);
  expect(Math.abs(bare.getPublishTimestamp() - Date.now())).toBeLessThan(5_000);
});

test('what asks for an entry of its own gets one, in its place', async () => {
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't' });
  const data = Buffer.from('x');
  await Promise.all([
    producer.send({ data }),
    producer.send({ data, deliverAfter: 5 }),
    producer.send({ data, disableReplication: true }),
    producer.send({ data, replicationClusters: ['a'] }),
    producer.send({ data }),
  ]);
  const indexes = [];
  for (let i = 0; i < 5; i++) indexes.push((await consumer.receive(1_000)).getMessageId().batchIndex);
  expect(indexes).toEqual([0, -1, -1, -1, 0]);
});

test('receive: now, later, too late, never again', async () => {
  const consumer = await client.subscribe(options);
  await expect(consumer.receive(20)).rejects.toMatchObject({ code: 'RECEIVE_TIMEOUT' });
  const later = consumer.receive(1_000);
  await send(2);
  expect((await later).getData().toString()).toBe('m0');
  expect((await consumer.receive()).getData().toString()).toBe('m1');
  const never = consumer.receive(60_000).catch((error: unknown) => error);
  await consumer.close();
  expect(await never).toMatchObject({ code: 'CLOSED' });
  await expect(consumer.receive()).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(consumer.seek(MessageId.earliest())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('batchReceive and iteration', async () => {
  const consumer = await client.subscribe({
    ...options,
    batchReceivePolicy: { maxNumMessages: 4, maxNumBytes: 6, timeoutMs: 100 },
  });
  expect(await consumer.batchReceive()).toEqual([]);
  await send(7);
  const sizes = [(await consumer.batchReceive()).length, (await consumer.batchReceive()).length];
  expect(sizes).toEqual([3, 3]);
  const seen: Message[] = [];
  for await (const message of consumer) {
    seen.push(message);
    void consumer.close();
  }
  expect(seen).toHaveLength(1);
});

test('a listener, one message after the other; what it throws is logged', async () => {
  const lines: string[] = [];
  const talking = clients.make({
    serviceUrl: broker.url,
    logLevel: LogLevel.ERROR,
    log: (_level, _file, _line, text) => lines.push(text),
  });
  const seen: string[] = [];
  await talking.subscribe({
    ...options,
    listener: (message) => {
      seen.push(message.getData().toString());
      if (seen.length === 1) throw new Error('on purpose');
    },
  });
  await send(3);
  await until('all are there', () => seen.length === 3);
  expect(lines.join()).toContain('on purpose');
});

test('refused messages come again: alone on Shared, everything that is open otherwise', async () => {
  const shared = await client.subscribe({ ...options, subscriptionType: 'Shared', nAckRedeliverTimeoutMs: 30 });
  await send(2, 1);
  shared.negativeAcknowledge(await shared.receive(1_000));
  shared.negativeAcknowledgeId((await shared.receive(1_000)).getMessageId());
  const asked: unknown[] = [];
  broker.hooks.set(c.Type.REDELIVER, (_, body) => asked.push(c.Redeliver.read(body).messageIds?.length) < 0);
  expect(await receiveTexts(shared, 2)).toEqual(['m0', 'm1']);
  expect(asked.at(-1)).toBeGreaterThan(0);
  await expect(shared.acknowledgeCumulativeId(new MessageId(7, 0))).rejects.toMatchObject({
    code: 'INVALID_CONFIGURATION',
  });
  await shared.close();
  const exclusive = await client.subscribe({ ...options, nAckRedeliverTimeoutMs: 0 });
  broker.cursor = 0;
  broker.deliver();
  exclusive.negativeAcknowledge(await exclusive.receive(1_000));
  await until('it asked for everything', () => asked.at(-1) === undefined);
});

test('what is not acknowledged in time comes again, what is does not', async () => {
  const consumer = await client.subscribe({ ...options, subscriptionType: 'Shared', ackTimeoutMs: 1_000 });
  await send(1);
  const message = await consumer.receive(1_000);
  expect((await consumer.receive(3_000)).getMessageId().toString()).toBe(message.getMessageId().toString());
  await consumer.acknowledge(message);
  expect(await isSilent(consumer, 1_300)).toBe(true);
});

test('seek and unsubscribe', async () => {
  const consumer = await client.subscribe(options);
  await send(10);
  const ids: MessageId[] = [];
  for (let i = 0; i < 10; i++) ids.push((await consumer.receive(1_000)).getMessageId());
  await consumer.seek(ids[6]!);
  expect(await receiveTexts(consumer, 3)).toEqual(['m7', 'm8', 'm9']);
  await consumer.seekTimestamp(0);
  expect(await receiveTexts(consumer, 10)).toEqual(texts(10));
  expect([...(await consumer.getLastMessageIds()).values()].map(String)).toEqual(['(7,1,-1,-1)']);
  await consumer.unsubscribe();
  expect(broker.count(c.Type.UNSUBSCRIBE)).toBe(1);
});

test('several topics in one consumer; ids find their way back', async () => {
  const consumer = await client.subscribe({ ...options, topics: ['a', 'b'], topic: 'c' });
  expect(broker.count(c.Type.SUBSCRIBE)).toBe(3);
  await expect(consumer.acknowledgeId(MessageId.deserialize(new MessageId(7, 0).serialize()))).rejects.toMatchObject({
    code: 'INVALID_CONFIGURATION',
  });
  expect(consumer.getActiveTopics()).toHaveLength(3);
});

test('a failing partition closes those that worked', async () => {
  broker.partitions = 3;
  broker.hooks.set(c.Type.SUBSCRIBE, (socket, body) => {
    const { topic, requestId } = c.Subscribe.read(body);
    if (!topic.endsWith('-1')) return false;
    socket.reply(c.Type.ERROR, c.Failure, { requestId, error: 4, message: 'no' });
    return true;
  });
  await expect(client.subscribe(options)).rejects.toMatchObject({ code: 'NOT_AUTHORIZED' });
  await until('they are closed', () => broker.count(c.Type.CLOSE_CONSUMER) >= 3);
});

test('Failover: told whether it is the one', async () => {
  const consumer = await client.subscribe({ ...options, subscriptionType: 'Failover' });
  expect(consumer.getActiveTopics()).toEqual([]);
  for (const socket of broker.sockets)
    socket.reply(c.Type.ACTIVE_CONSUMER_CHANGE, c.ActiveConsumerChange, { consumerId: 1, active: true });
  await until('it knows', () => consumer.getActiveTopics().length === 1);
  for (const socket of broker.sockets) socket.reply(c.Type.END_OF_TOPIC, c.OfConsumer, { consumerId: 1 });
  broker.detach('consumer');
  await until('it is back', () => consumer.isConnected() && broker.count(c.Type.SUBSCRIBE) === 2);
});

test('a message in a compression that cannot be read names it; the next one comes', async () => {
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic: 't', batchingEnabled: false, compressionType: 'Zlib' });
  (COMPRESSION as { Zlib: number }).Zlib = 9;
  await producer.send({ data: Buffer.from('x') });
  (COMPRESSION as { Zlib: number }).Zlib = 2;
  await producer.send({ data: Buffer.from('y') });
  await expect(consumer.receive(1_000)).rejects.toMatchObject({
    code: 'CODEC_UNSUPPORTED',
    details: { codec: '9', messageId: '(7,0,-1,-1)' },
  });
  expect(await receiveTexts(consumer, 1)).toEqual(['y']);
});

test('a reader: hasNext, iteration, listener, seek', async () => {
  await send(4, 2);
  const reader = await client.createReader({
    topic: 't',
    startMessageId: MessageId.earliest(),
    readerName: 'r',
    subscriptionRolePrefix: 'p-',
  });
  expect(reader.startMessageId.toString()).toBe('(-1,-1,-1,-1)');
  const seen: string[] = [];
  while (reader.hasNext()) seen.push((await reader.readNext(1_000)).getData().toString());
  expect(seen).toEqual(texts(4));
  expect(await reader.hasMessageAvailable()).toBe(false);
  await reader.seekTimestamp(0);
  for await (const message of reader) {
    expect(message.getData().toString()).toBe('m0');
    break;
  }
  await reader.seek(new MessageId(7, 0, -1, 1, 2));
  expect((await reader.readNext(1_000)).getData().toString()).toBe('m2');
  await reader.close();
  broker.cursor = 0;
  const heard: string[] = [];
  await client.createReader({
    topic: 't',
    startMessageId: MessageId.earliest(),
    listener: (message) => void heard.push(message.getData().toString()),
  });
  await until('the listener has them', () => heard.length === 4);
});

test('schemas: declared, looked up, not there', async () => {
  const declared: unknown[] = [];
  broker.hooks.set(c.Type.PRODUCER, (_, body) => declared.push(c.Producer.read(body).schema) < 0);
  await client.createProducer({
    topic: 't',
    schema: { schemaType: 'Json', name: 'n', schema: '{}', properties: { a: 'b' } },
  });
  await client.createProducer({ topic: 't', schema: { schemaType: 'Bytes' } });
  expect(declared).toMatchObject([{ name: 'n', type: 2, properties: [{ key: 'a', value: 'b' }] }, undefined]);
  await expect(
    client.createProducer({ topic: 't', schema: { schemaType: 'Nonsense' as 'Json' } }),
  ).rejects.toMatchObject({ code: 'INVALID_CONFIGURATION' });
  broker.hooks.set(c.Type.GET_SCHEMA, (socket, body) => {
    const { requestId, version } = c.GetSchema.read(body);
    const schema = { name: 'n', data: Buffer.from('{}'), type: 4, properties: [{ key: 'a', value: 'b' }] };
    if (version)
      socket.reply(c.Type.GET_SCHEMA_RESPONSE, c.GetSchemaResponse, { requestId, error: 11, message: 'none' });
    else
      socket.reply(c.Type.GET_SCHEMA_RESPONSE, c.GetSchemaResponse, { requestId, schema, version: Buffer.from([1]) });
    return true;
  });
  expect(await client.getSchema('t')).toEqual({
    schemaType: 'Avro',
    name: 'n',
    schema: '{}',
    properties: { a: 'b' },
    version: Buffer.from([1]),
  });
  await expect(client.getSchema('t', Buffer.from([9]))).rejects.toMatchObject({ code: 'SCHEMA_NOT_FOUND' });
});

test('flush, waiting for room, and a queue that is full', async () => {
  const small = clients.make({ serviceUrl: broker.url, memoryLimitBytes: 25 });
  const producer = await small.createProducer({ topic: 't', blockIfQueueFull: true, batchingMaxPublishDelayMs: 5 });
  const sending = texts(10, 'ten-bytes').map((text) => producer.send({ data: Buffer.from(text) }));
  expect(producer.getPending()).toEqual({ messages: 2, open: false });
  await Promise.all(sending);
  await producer.flush();
  const impatient = await client.createProducer({ topic: 't', maxPendingMessages: 1 });
  const first = impatient.send({ data: Buffer.from('x') });
  await expect(impatient.send({ data: Buffer.from('y') })).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  await impatient.flush();
  expect((await first).entryId).toBeGreaterThan(0);
  expect([impatient.getTopic(), impatient.getProducerName(), impatient.getLastSequenceId()]).toEqual([
    'persistent://public/default/t',
    'made-up',
    0,
  ]);
  await expect(impatient.send({ data: Buffer.alloc(100_001) })).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
});

test('logs go to the handler for all when a client has none', async () => {
  const lines: string[] = [];
  Client.setLogHandler((_level, _file, _line, text) => lines.push(text));
  await client.createProducer({ topic: 't' });
  Client.setLogHandler(() => undefined);
  expect(lines.join('\n')).toContain('producer of persistent://public/default/t: connected');
  await sleep(0);
});
