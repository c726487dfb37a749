import type { Message } from '@emitter/pulsar';
import { MessageId, type Client } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestBroker } from './broker/test-broker';
import { Clients, freshTopic, isSilent, receiveTexts, sendTexts, texts, until, print } from './support';

let broker: TestBroker;
let client: Client;
const clients = new Clients();

beforeAll(async () => {
  broker = await TestBroker.start();
  client = clients.make({ serviceUrl: broker.url, partitionsUpdateIntervalMs: 300 });
}, 90_000);
afterAll(async () => {
  await clients.close();
  await broker.remove();
}, 30_000);

const earliest = { subscriptionInitialPosition: 'Earliest' } as const;

test('the broker is ready in under 30 seconds', () => {
  print(`broker ready in ${broker.startedInMs} ms`);
  expect(broker.startedInMs).toBeLessThan(30_000);
});

describe.each([{ batchingEnabled: true }, { batchingEnabled: false }])('with %j', (batching) => {
  test('a message arrives as it was sent', async () => {
    const topic = freshTopic();
    const consumer = await client.subscribe({ topic, subscription: 's', ...earliest });
    const producer = await client.createProducer({ topic, producerName: 'me', ...batching });
    const before = Date.now();
    const sent = await producer.send({
      data: Buffer.from('dätä'),
      properties: { a: '1', ü: '', __proto__x: 'y' },
      eventTimestamp: 1_700_000_000_123,
      partitionKey: 'key',
      orderingKey: 'order',
      sequenceId: 41,
    });
    const message = await consumer.receive(5_000);
    expect(message.getData().toString()).toBe('dätä');
    expect(message.getProperties()).toEqual({ a: '1', ü: '', __proto__x: 'y' });
    expect(message.getEventTimestamp()).toBe(1_700_000_000_123);
    expect(message.getPublishTimestamp()).toBeGreaterThanOrEqual(before);
    expect(message.getPartitionKey()).toBe('key');
    expect(message.getOrderingKey()).toBe('order');
    expect(message.getProducerName()).toBe('me');
    expect(message.getSequenceId()).toBe(41);
    expect(message.getTopicName()).toBe(topic);
    expect(message.getRedeliveryCount()).toBe(0);
    expect(message.isReplicated()).toBe(false);
    expect(message.getMessageId().toString()).toBe(sent.toString());
    expect(MessageId.deserialize(sent.serialize())).toMatchObject({
      ledgerId: sent.ledgerId,
      entryId: sent.entryId,
      batchIndex: sent.batchIndex,
    });
  });

  test('order is kept over many batches, and zlib', async () => {
    const topic = freshTopic();
    const consumer = await client.subscribe({ topic, subscription: 's', ...earliest, receiverQueueSize: 50 });
    const producer = await client.createProducer({
      topic,
      compressionType: 'Zlib',
      blockIfQueueFull: true,
      maxPendingMessages: 40,
      batchingMaxMessages: 17,
      ...batching,
    });
    const all = texts(1_000);
    const sending = sendTexts(producer, all);
    expect(await receiveTexts(consumer, all.length)).toEqual(all);
    await sending;
    await consumer.close();
    const again = await client.subscribe({ topic, subscription: 's' });
    expect(await isSilent(again)).toBe(true);
    const { subscriptions } = await broker.admin.stats(topic);
    expect(subscriptions.s?.msgBacklog).toBe(0);
  });
});

test('permits add up: the broker never has more out than the queue holds', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({
    topic,
    subscription: 's',
    subscriptionType: 'Shared',
    receiverQueueSize: 100,
    batchIndexAckEnabled: true,
    nAckRedeliverTimeoutMs: 100,
    ackGroupingTimeMs: 0,
  });
  const producer = await client.createProducer({ topic, batchingMaxMessages: 10 });
  await sendTexts(producer, texts(60));
  const seen: Message[] = [];
  for (let i = 0; i < 60; i++) seen.push(await consumer.receive(5_000));
  for (const [i, message] of seen.entries()) {
    if (i % 2 === 0) await consumer.acknowledge(message);
    else consumer.negativeAcknowledge(message);
  }
  const again = await receiveTexts(consumer, 30);
  expect(again.sort()).toEqual(
    seen
      .filter((_, i) => i % 2 === 1)
      .map((m) => m.getData().toString())
      .sort(),
  );
  await until(
    'nothing unacknowledged',
    async () => (await broker.admin.stats(topic)).subscriptions.s?.unackedMessages === 0,
  );
  // Taken but not permitted again yet: less than half a queue.
  const permits = (await broker.admin.stats(topic)).subscriptions.s?.consumers[0]?.availablePermits ?? NaN;
  expect(permits).toBeGreaterThan(50);
  expect(permits).toBeLessThanOrEqual(100);
});

test('cumulative acknowledgement inside a batch, with receipts', async () => {
  const topic = freshTopic();
  const options = { topic, subscription: 's', ackReceiptEnabled: true, batchIndexAckEnabled: true, ...earliest };
  const consumer = await client.subscribe(options);
  const producer = await client.createProducer({ topic, batchingMaxMessages: 10 });
  await sendTexts(producer, texts(30));
  for (let i = 0; i < 15; i++) {
    const message = await consumer.receive(5_000);
    if (i === 14) await consumer.acknowledgeCumulative(message);
  }
  await consumer.close();
  const next = await client.subscribe(options);
  expect(await receiveTexts(next, 15)).toEqual(texts(30).slice(15));
});

test('without batch index acknowledgement a batch comes again as a whole, but not what was acknowledged here', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({ topic, subscription: 's', ...earliest });
  const producer = await client.createProducer({ topic, batchingMaxMessages: 10 });
  await sendTexts(producer, texts(10));
  expect(await receiveTexts(consumer, 4)).toEqual(texts(4));
  consumer.redeliverUnacknowledgedMessages();
  expect(await receiveTexts(consumer, 6)).toEqual(texts(10).slice(4));
  expect(await isSilent(consumer)).toBe(true);
});

test('a refused message comes again later, with its count, and its delay grows', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({
    topic,
    subscription: 's',
    subscriptionType: 'Shared',
    nAckRedeliverTimeoutMs: 100,
    negativeAckBackOff: { multiplier: 3, maxDelayMs: 1_000 },
  });
  const producer = await client.createProducer({ topic, batchingEnabled: false });
  await sendTexts(producer, ['x']);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const message = await consumer.receive(5_000);
    times.push(Date.now());
    expect(message.getRedeliveryCount()).toBe(round);
    consumer.negativeAcknowledge(message);
  }
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(95);
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(295);
});

test('what is not acknowledged in time comes again', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({
    topic,
    subscription: 's',
    subscriptionType: 'Shared',
    ackTimeoutMs: 1_000,
  });
  const producer = await client.createProducer({ topic, batchingEnabled: false });
  await sendTexts(producer, ['a', 'b']);
  const first = await consumer.receive(5_000);
  await consumer.acknowledge(await consumer.receive(5_000));
  const again = await consumer.receive(5_000);
  expect(again.getMessageId().toString()).toBe(first.getMessageId().toString());
  await consumer.acknowledge(again);
  expect(await isSilent(consumer, 1_500)).toBe(true);
});

test('receive gives up in time, and loses nothing by it', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({ topic, subscription: 's' });
  await expect(consumer.receive(50)).rejects.toMatchObject({
    code: 'RECEIVE_TIMEOUT',
    message: expect.stringContaining('TimeOut') as string,
  });
  const producer = await client.createProducer({ topic });
  await sendTexts(producer, ['late']);
  expect(await receiveTexts(consumer, 1)).toEqual(['late']);
});

test('batchReceive: by count, by bytes, by time', async () => {
  const topic = freshTopic();
  const policy = { maxNumMessages: 10, maxNumBytes: 50, timeoutMs: 300 };
  const consumer = await client.subscribe({ topic, subscription: 's', batchReceivePolicy: policy });
  const producer = await client.createProducer({ topic });
  expect(await consumer.batchReceive()).toEqual([]);
  await sendTexts(producer, [...texts(10, ''), 'x'.repeat(40), 'y'.repeat(40), 'z'.repeat(60)]);
  const sizes: number[] = [];
  for (let i = 0; i < 4; i++) sizes.push((await consumer.batchReceive()).length);
  expect(sizes).toEqual([10, 1, 1, 1]);
});

test('a listener gets one message after the other, and survives its own errors', async () => {
  const topic = freshTopic();
  const seen: string[] = [];
  let running = 0;
  await client.subscribe({
    topic,
    subscription: 's',
    listener: async (message, consumer) => {
      expect(++running).toBe(1);
      await sleep(5);
      running--;
      seen.push(message.getData().toString());
      await consumer.acknowledge(message);
      if (seen.length === 2) throw new Error('on purpose');
    },
  });
  await sendTexts(await client.createProducer({ topic }), texts(5));
  await until('all are there', () => seen.length === 5);
  expect(seen).toEqual(texts(5));
});

test('async iteration ends when the consumer is closed', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({ topic, subscription: 's' });
  await sendTexts(await client.createProducer({ topic }), texts(5));
  const seen: string[] = [];
  for await (const message of consumer) {
    seen.push(message.getData().toString());
    if (seen.length === 5) void consumer.close();
  }
  expect(seen).toEqual(texts(5));
});

test('seek: by id, into a batch, by time, to both ends', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({ topic, subscription: 's', ...earliest });
  const producer = await client.createProducer({ topic, batchingMaxMessages: 5 });
  await sendTexts(producer, texts(10));
  await sleep(20);
  const between = Date.now();
  await sleep(20);
  await sendTexts(producer, texts(5, 'n'));
  const ids: MessageId[] = [];
  for (let i = 0; i < 15; i++) ids.push((await consumer.receive(5_000)).getMessageId());
  await consumer.seek(ids[6]!);
  expect(await receiveTexts(consumer, 3)).toEqual(['m7', 'm8', 'm9']);
  await consumer.seek(MessageId.earliest());
  expect(await receiveTexts(consumer, 15)).toEqual([...texts(10), ...texts(5, 'n')]);
  await consumer.seekTimestamp(between);
  expect(await receiveTexts(consumer, 5)).toEqual(texts(5, 'n'));
  await consumer.seek(MessageId.latest());
  expect(await isSilent(consumer)).toBe(true);
  await sendTexts(producer, ['new']);
  expect(await receiveTexts(consumer, 1)).toEqual(['new']);
});

test('a reader: from both ends, from an id, hasNext, seek', async () => {
  const topic = freshTopic();
  const producer = await client.createProducer({ topic, batchingMaxMessages: 5 });
  const empty = await client.createReader({ topic, startMessageId: MessageId.earliest() });
  expect(empty.hasNext()).toBe(false);
  await sendTexts(producer, texts(12));
  const middle = (await producer.send({ data: Buffer.from('middle') })).serialize();
  await sendTexts(producer, texts(12, 'n'));
  expect(await empty.hasMessageAvailable()).toBe(true);

  const readAll = async (startMessageId: MessageId): Promise<string[]> => {
    const reader = await client.createReader({ topic, startMessageId });
    const all: string[] = [];
    while (reader.hasNext()) all.push((await reader.readNext(5_000)).getData().toString());
    await reader.close();
    return all;
  };
  const everything = [...texts(12), 'middle', ...texts(12, 'n')];
  expect(await readAll(MessageId.earliest())).toEqual(everything);
  expect(await readAll(MessageId.deserialize(middle))).toEqual(texts(12, 'n'));
  expect(await readAll(MessageId.latest())).toEqual([]);

  const reader = await client.createReader({ topic, startMessageId: MessageId.latest() });
  await sendTexts(producer, ['last']);
  expect((await reader.readNext(5_000)).getData().toString()).toBe('last');
  await reader.seek(MessageId.deserialize(middle));
  expect((await reader.readNext(5_000)).getData().toString()).toBe('n0');
  await reader.seekTimestamp(0);
  expect((await reader.readNext(5_000)).getData().toString()).toBe('m0');
});

test('partitions: keys stay together, batches go round, new partitions are noticed', async () => {
  const topic = freshTopic();
  await broker.admin.createTopic(topic, 3);
  const consumer = await client.subscribe({ topic, subscription: 's' });
  const producer = await client.createProducer({
    topic,
    messageRoutingMode: 'RoundRobinDistribution',
    batchingMaxMessages: 5,
  });
  expect(await client.getPartitionsForTopic(topic)).toHaveLength(3);
  await Promise.all(texts(60).map((text, i) => producer.send({ data: Buffer.from(text), partitionKey: `k${i % 7}` })));
  const partitionOfKey = new Map<string, string>();
  for (let i = 0; i < 60; i++) {
    const message = await consumer.receive(5_000);
    const known = partitionOfKey.get(message.getPartitionKey());
    expect(known ?? message.getTopicName()).toBe(message.getTopicName());
    partitionOfKey.set(message.getPartitionKey(), message.getTopicName());
    await consumer.acknowledge(message);
  }
  await sendTexts(producer, texts(60));
  const counts = new Map<string, number>();
  for (let i = 0; i < 60; i++) {
    const name = (await consumer.receive(5_000)).getTopicName();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual([20, 20, 20]);
  await broker.admin.addPartitions(topic, 5);
  await until('the fifth partition is written and read', async () => {
    await sendTexts(producer, texts(25));
    for (let i = 0; i < 25; i++) if ((await consumer.receive(5_000)).getTopicName().endsWith('-4')) return true;
    return false;
  });
});

test('Failover: one at a time, and the next takes over what is not acknowledged', async () => {
  const topic = freshTopic();
  const [one, two] = [
    await client.subscribe({ topic, subscription: 's', subscriptionType: 'Failover', consumerName: 'a' }),
    await client.subscribe({ topic, subscription: 's', subscriptionType: 'Failover', consumerName: 'b' }),
  ];
  const producer = await client.createProducer({ topic, batchingEnabled: false });
  await until('one is active', () => one.getActiveTopics().length + two.getActiveTopics().length === 1);
  const [active, standby] = one.getActiveTopics().length === 1 ? [one, two] : [two, one];
  await sendTexts(producer, texts(10));
  expect(await receiveTexts(active, 4)).toEqual(texts(4));
  expect(await isSilent(standby)).toBe(true);
  await active.close();
  expect(await receiveTexts(standby, 6)).toEqual(texts(10).slice(4));
});

test('the broker’s deduplication: the same numbers again are stored once', async () => {
  await broker.admin.createNamespace('dedup', { deduplication: true });
  const topic = freshTopic('public/dedup');
  const consumer = await client.subscribe({ topic, subscription: 's', ...earliest });
  const first = await client.createProducer({ topic, producerName: 'p' });
  await sendTexts(first, texts(5));
  const duplicate = await first.send({ data: Buffer.from('again'), sequenceId: 3 });
  expect(duplicate.ledgerId).toBe(-1);
  await first.close();
  const second = await client.createProducer({ topic, producerName: 'p' });
  expect(second.getLastSequenceId()).toBe(4);
  await sendTexts(second, ['next']);
  expect(await receiveTexts(consumer, 6)).toEqual([...texts(5), 'next']);
  expect(await isSilent(consumer)).toBe(true);
});

test('delayed messages come when they are due', async () => {
  const topic = freshTopic();
  const consumer = await client.subscribe({ topic, subscription: 's', subscriptionType: 'Shared' });
  const producer = await client.createProducer({ topic });
  const sent = Date.now();
  await Promise.all([
    producer.send({ data: Buffer.from('later'), deliverAfter: 1_500 }),
    producer.send({ data: Buffer.from('now') }),
  ]);
  expect(await receiveTexts(consumer, 2)).toEqual(['now', 'later']);
  expect(Date.now() - sent).toBeGreaterThanOrEqual(1_400);
});

test('a full queue: QUEUE_FULL, or waiting when asked to', async () => {
  const topic = freshTopic();
  const impatient = await client.createProducer({ topic, maxPendingMessages: 5 });
  const results = await Promise.allSettled(texts(10).map((text) => impatient.send({ data: Buffer.from(text) })));
  expect(results.map(({ status }) => status)).toEqual([
    ...Array<string>(5).fill('fulfilled'),
    ...Array<string>(5).fill('rejected'),
  ]);
  expect(results[9]).toMatchObject({ reason: { code: 'QUEUE_FULL' } });
  const small = clients.make({ serviceUrl: broker.url, memoryLimitBytes: 10_000 });
  const patient = await small.createProducer({ topic, blockIfQueueFull: true });
  let most = 0;
  await Promise.all(
    texts(50).map(() => {
      const sending = patient.send({ data: Buffer.alloc(1_000) });
      most = Math.max(most, patient.getPending().messages);
      return sending;
    }),
  );
  expect(most).toBe(10);
});

test('moving over to fresh connections loses nothing, repeats nothing that was acknowledged, keeps the order', async () => {
  await broker.admin.createNamespace('moving', { deduplication: true });
  const topic = freshTopic('public/moving');
  const mover = clients.make({ serviceUrl: broker.url });
  const opened: string[] = [];
  mover.events.on('connection', ({ state }) => opened.push(state));
  const consumer = await mover.subscribe({ topic, subscription: 's', ...earliest });
  const producer = await mover.createProducer({ topic, blockIfQueueFull: true });
  const all = texts(3_000);
  const received: string[] = [];
  const receiving = (async () => {
    while (new Set(received).size < all.length) {
      const message = await consumer.receive(10_000);
      received.push(message.getData().toString());
      await consumer.acknowledge(message);
    }
  })();
  const sending: Promise<unknown>[] = [];
  for (const [i, text] of all.entries()) {
    sending.push(producer.send({ data: Buffer.from(text) }));
    if (i % 500 === 250) void mover.moveOver();
    if (i % 50 === 0) await sleep(2);
  }
  await Promise.all(sending);
  await receiving;
  expect([...new Set(received)]).toEqual(all);
  expect(opened.filter((state) => state === 'open').length).toBeGreaterThan(1);
  // Two are left: the service URL says 127.0.0.1, the broker calls itself localhost.
  await until(
    'the old connections are closed',
    () => opened.filter((s) => s === 'open').length - opened.filter((s) => s === 'closed').length <= 2,
  );
});
