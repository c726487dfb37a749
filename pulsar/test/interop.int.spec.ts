import { PulsarError, type Client, type CompressionType, type SchemaInfo } from '@emitter/pulsar';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { javaStringHash, murmur3 } from '../src/routing/murmur3';
import { TestBroker } from './broker/test-broker';
import { askPython } from './interop/python';
import { Clients, freshTopic, receiveTexts, sendTexts, texts } from './support';

let broker: TestBroker;
let client: Client;
const clients = new Clients();
const earliest = { subscription: 'ours', subscriptionInitialPosition: 'Earliest' } as const;

beforeAll(async () => {
  broker = await TestBroker.start();
  client = clients.make({ serviceUrl: broker.url });
}, 90_000);
afterAll(async () => {
  await clients.close();
  await broker.remove();
}, 30_000);

interface Seen {
  text: string;
  properties: Record<string, string>;
  key: string;
  event: number;
  topic: string;
  id: string;
}
const consumeWithPython = (topic: string, count: number, more: object = {}): Promise<Seen[]> =>
  askPython({ do: 'consume', url: broker.url, topic, count, ...more });
const produceWithPython = (topic: string, messages: object[], more: object = {}): Promise<unknown> =>
  askPython({ do: 'produce', url: broker.url, topic, messages, ...more });

const hex = (key: string): string => Buffer.from(key).toString('hex');

// Runs a command of the distribution: Java clients.
async function java(command: string, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    PULSAR_LOG_DIR: join(broker.folder, 'log'),
    PULSAR_MEM: '-Xmx128m',
    PULSAR_GC: '-XX:+UseSerialGC',
  };
  const { stdout } = await promisify(execFile)(join(broker.home, 'bin', command), args, {
    timeout: 60_000,
    env,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

describe('the C++ client (Python)', () => {
  const content = { properties: { a: '1', ключ: 'значение' }, partitionKey: 'k', eventTimestamp: 1_234_567 };

  test.each<[string, object]>([
    ['batched', {}],
    ['one by one', { batchingEnabled: false }],
    ['zlib', { compressionType: 'Zlib' }],
    ['zlib, one by one', { compressionType: 'Zlib', batchingEnabled: false }],
  ])(
    'reads ours: %s',
    async (_, options) => {
      const topic = freshTopic();
      const producer = await client.createProducer({ topic, ...options });
      const sent = await Promise.all(texts(100).map((text) => producer.send({ data: Buffer.from(text), ...content })));
      const seen = await consumeWithPython(topic, 100);
      expect(seen.map(({ text }) => text)).toEqual(texts(100));
      expect(seen[50]).toMatchObject({ properties: content.properties, key: 'k', event: 1_234_567 });
      expect(seen.map(({ id }) => id)).toEqual(sent.map(String));
    },
    60_000,
  );

  const modes = [{}, { batching_enabled: true }];
  const codecs: ['NONE' | 'LZ4' | 'ZLib' | 'ZSTD' | 'SNAPPY', CompressionType][] = [
    ['NONE', 'None'],
    ['LZ4', 'LZ4'],
    ['ZLib', 'Zlib'],
    ['ZSTD', 'ZSTD'],
    ['SNAPPY', 'SNAPPY'],
  ];
  test.each(codecs.flatMap((codec) => modes.map((mode) => [...codec, mode] as const)))(
    'is read by us: %s (%s) %j',
    async (theirs, ours, mode) => {
      const topic = freshTopic();
      const messages = texts(100).map((text, i) => ({
        text: text.repeat(1 + i),
        properties: { i: String(i) },
        partition_key: `k${i}`,
        event_timestamp: i + 1,
      }));
      await produceWithPython(topic, messages, { options: { ...mode, compression: theirs } });
      const consumer = await client.subscribe({ topic, ...earliest });
      if (ours === 'ZSTD' && !('zstdDecompressSync' in zlib)) {
        await expect(consumer.receive(5_000)).rejects.toMatchObject({
          code: 'CODEC_UNSUPPORTED',
          details: { codec: 'ZSTD' },
        });
        return;
      }
      for (const [i, { text }] of messages.entries()) {
        const message = await consumer.receive(5_000);
        expect(message.getData().toString()).toBe(text);
        expect([message.getProperties(), message.getPartitionKey(), message.getEventTimestamp()]).toEqual([
          { i: String(i) },
          `k${i}`,
          i + 1,
        ]);
        await consumer.acknowledge(message);
      }
    },
    60_000,
  );

  test('JSON schemas, both ways', async () => {
    const records = [
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
    ];
    const topic = freshTopic();
    await produceWithPython(
      topic,
      records.map((record) => ({ record })),
      { schema: true },
    );
    const declared = (await client.getSchema(topic)) as SchemaInfo;
    const consumer = await client.subscribe({
      topic,
      ...earliest,
      schema: { schemaType: 'Json', schema: declared.schema! },
    });
    const received = await consumer.receive(5_000);
    expect(JSON.parse(received.getData().toString())).toEqual(records[0]);
    expect(received.getSchemaVersion()?.readBigInt64BE()).toBe(0n);

    const other = freshTopic();
    const producer = await client.createProducer({
      topic: other,
      schema: { schemaType: 'Json', schema: declared.schema! },
    });
    await Promise.all(records.map((record) => producer.send({ data: Buffer.from(JSON.stringify(record)) })));
    const seen = await consumeWithPython(other, 2, { schema: true });
    expect(seen.map(({ text }) => text)).toEqual(records);
  }, 60_000);

  test('seeks to the same place', async () => {
    const topic = freshTopic();
    const producer = await client.createProducer({ topic, batchingEnabled: false });
    await sendTexts(producer, texts(10));
    const theirs = await askPython<string>({ do: 'seek', url: broker.url, topic, count: 10, index: 4 });
    const consumer = await client.subscribe({ topic, ...earliest });
    const ids = [];
    for (let i = 0; i < 10; i++) ids.push((await consumer.receive(5_000)).getMessageId());
    await consumer.seek(ids[4]!);
    expect((await receiveTexts(consumer, 1))[0]).toBe(theirs);
  }, 60_000);
});

describe('the Java client (bin/pulsar-client, pulsar-perf)', () => {
  test('reads ours: batched, zlib, with key and properties', async () => {
    const topic = freshTopic();
    const producer = await client.createProducer({ topic, compressionType: 'Zlib' });
    await Promise.all(
      texts(50, 'line-').map((text) =>
        producer.send({ data: Buffer.from(text), properties: { p: 'v' }, partitionKey: 'k' }),
      ),
    );
    const output = await java(
      'pulsar-client',
      '--url',
      broker.url,
      'consume',
      topic,
      '-s',
      'java',
      '-p',
      'Earliest',
      '-n',
      '50',
    );
    expect([...output.matchAll(/content:(line-\d+)/g)].map(([, text]) => text)).toEqual(texts(50, 'line-'));
    expect(output).toMatch(/key:\[k\].*properties:\[p=v\]/);
  }, 90_000);

  test('is read by us', async () => {
    const topic = freshTopic();
    await java(
      'pulsar-client',
      '--url',
      broker.url,
      'produce',
      topic,
      '-m',
      texts(20).join(','),
      '-k',
      'key',
      '-p',
      'a=b',
    );
    const consumer = await client.subscribe({ topic, ...earliest });
    const first = await consumer.receive(5_000);
    expect([first.getData().toString(), first.getPartitionKey(), first.getProperties()]).toEqual([
      'm0',
      'key',
      { a: 'b' },
    ]);
    expect(await receiveTexts(consumer, 19)).toEqual(texts(20).slice(1));
  }, 90_000);

  test('hashes keys as we do', async () => {
    const keys = ['', 'a', 'ab', 'abc', 'abcd', 'abcde', '\u043a\u043b\u044e\u0447', '🔑', ...texts(40, 'key-')];
    const source = join(__dirname, 'interop', 'Hashes.java');
    const { stdout } = await promisify(execFile)('java', [
      '-Dfile.encoding=UTF-8',
      '-cp',
      join(broker.home, 'lib/*'),
      source,
      ...keys.map(hex),
    ]);
    const theirs = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(keys.map((key) => [murmur3(key), javaStringHash(key)])).toEqual(theirs);
  }, 60_000);

  test.each(['ZLIB', 'LZ4', 'SNAPPY', 'ZSTD'])(
    'pulsar-perf with %s is read by us',
    async (codec) => {
      const topic = freshTopic();
      await java(
        'pulsar-perf',
        'produce',
        '-u',
        broker.url,
        topic,
        '-m',
        '2000',
        '-r',
        '4000',
        '-s',
        '333',
        '-z',
        codec,
        '-bm',
        '50',
      );
      const consumer = await client.subscribe({ topic, ...earliest });
      for (let i = 0; i < 2_000; i++) {
        const message = await consumer.receive(5_000).catch((error: unknown) => error as PulsarError);
        if (message instanceof PulsarError) {
          expect(message).toMatchObject({ code: 'CODEC_UNSUPPORTED', details: { codec } });
          expect(codec === 'ZSTD' && !('zstdDecompressSync' in zlib)).toBe(true);
          return;
        }
        expect(message.getData()).toHaveLength(333);
        await consumer.acknowledge(message);
      }
    },
    90_000,
  );
});
