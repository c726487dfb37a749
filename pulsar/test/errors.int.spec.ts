import { PulsarError, type Client, type PulsarErrorCode, type SchemaInfo } from '@emitter/pulsar';
import { createServer, type Server } from 'node:net';
import { TestBroker } from './broker/test-broker';
import { Clients, freshTopic, receiveTexts, sendTexts, texts, until } from './support';

let broker: TestBroker;
let client: Client;
const clients = new Clients();

beforeAll(async () => {
  broker = await TestBroker.start({
    settings: { allowAutoTopicCreation: 'false', backlogQuotaCheckIntervalInSeconds: '1', maxMessageSize: '1048576' },
  });
  client = clients.make({ serviceUrl: broker.url });
}, 90_000);
afterAll(async () => {
  await clients.close();
  await broker.remove();
}, 30_000);

// Raised, with this code, in far less than any timeout.
async function expectError(code: PulsarErrorCode, attempt: Promise<unknown>): Promise<PulsarError> {
  const began = Date.now();
  const error: unknown = await attempt.then(
    () => new Error('it worked'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PulsarError);
  expect(error).toMatchObject({ code });
  expect(Date.now() - began).toBeLessThan(3_000);
  return error as PulsarError;
}

async function newTopic(): Promise<string> {
  const topic = freshTopic();
  await broker.admin.createTopic(topic);
  return topic;
}

test.each<[PulsarErrorCode, string]>([
  ['HOST_NOT_FOUND', 'pulsar://no-such-host.invalid:6650'],
  ['CONNECT_FAILED', 'pulsar://127.0.0.1:1'],
])('%s: %s', async (code, serviceUrl) => {
  await expectError(code, clients.make({ serviceUrl }).createProducer({ topic: 't' }));
});

test.each(['http://localhost:6650', 'pulsar://', 'pulsar://a:0', 'pulsar://user:pw@host', 'localhost:6650'])(
  'INVALID_URL: %s',
  (serviceUrl) => {
    expect(() => clients.make({ serviceUrl })).toThrow(PulsarError);
  },
);

test('several hosts: those that do not answer are passed over', async () => {
  const many = clients.make({ serviceUrl: `pulsar://127.0.0.1:1,127.0.0.1:2,127.0.0.1:${broker.ports.plain}` });
  expect(await many.getPartitionsForTopic(await newTopic())).toHaveLength(1);
});

describe('something that is not a broker', () => {
  const servers: Server[] = [];
  const serve = async (answer: string): Promise<string> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  };
  afterAll(() => servers.forEach((server) => server.close()));

  test('NOT_PULSAR: it speaks HTTP', async () => {
    const at = await serve('HTTP/1.1 400 Bad Request\r\n\r\n');
    await expectError('NOT_PULSAR', clients.make({ serviceUrl: `pulsar://${at}` }).createProducer({ topic: 't' }));
  });

  test('NOT_PULSAR: it hangs up', async () => {
    await expectError(
      'NOT_PULSAR',
      clients.make({ serviceUrl: `pulsar://${await serve('')}` }).createProducer({ topic: 't' }),
    );
  });

  test('NOT_PULSAR: TLS where none is spoken, and none where TLS is', async () => {
    const plain = `pulsar+ssl://127.0.0.1:${broker.ports.plain}`;
    const error = await clients
      .make({ serviceUrl: plain })
      .createProducer({ topic: 't' })
      .catch((e: unknown) => e);
    expect(['NOT_PULSAR', 'TLS_FAILED', 'CONNECT_FAILED']).toContain((error as PulsarError).code);
    await expectError(
      'NOT_PULSAR',
      clients.make({ serviceUrl: `pulsar://127.0.0.1:${broker.ports.tls}` }).createProducer({ topic: 't' }),
    );
  });

  test('CONNECT_TIMEOUT: it is silent', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const serviceUrl = `pulsar://127.0.0.1:${(server.address() as { port: number }).port}`;
    await expectError(
      'CONNECT_TIMEOUT',
      clients.make({ serviceUrl, connectionTimeoutMs: 200 }).createProducer({ topic: 't' }),
    );
  });
});

test('TOPIC_NOT_FOUND, for producers, consumers and readers; INVALID_TOPIC', async () => {
  await expectError('TOPIC_NOT_FOUND', client.createProducer({ topic: freshTopic() }));
  await expectError('TOPIC_NOT_FOUND', client.subscribe({ topic: freshTopic(), subscription: 's' }));
  await expectError('INVALID_TOPIC', client.createProducer({ topic: 'persistent://only-a-tenant' }));
});

test('PRODUCER_BUSY and CONSUMER_BUSY', async () => {
  const topic = await newTopic();
  await client.createProducer({ topic, producerName: 'taken' });
  await expectError('PRODUCER_BUSY', client.createProducer({ topic, producerName: 'taken' }));
  const other = clients.make({ serviceUrl: broker.url });
  await expectError('PRODUCER_BUSY', other.createProducer({ topic, producerName: 'taken' }));
  await client.subscribe({ topic, subscription: 's' });
  await expectError('CONSUMER_BUSY', client.subscribe({ topic, subscription: 's' }));
});

const record = (fields: object[]): SchemaInfo => ({
  schemaType: 'Json',
  schema: JSON.stringify({ type: 'record', name: 'R', fields }),
});

test('schemas: registered, versioned, looked up, refused', async () => {
  const topic = await newTopic();
  const first = record([{ name: 'a', type: 'string' }]);
  const consumer = await client.subscribe({ topic, subscription: 's', schema: first });
  const producer = await client.createProducer({ topic, schema: first });
  await sendTexts(producer, ['{"a":"1"}']);
  const second = record([
    { name: 'a', type: 'string' },
    { name: 'b', type: 'int', default: 0 },
  ]);
  await sendTexts(await client.createProducer({ topic, schema: second }), ['{"a":"1","b":2}']);
  const [one, two] = [await consumer.receive(5_000), await consumer.receive(5_000)];
  const versions = [one.getSchemaVersion(), two.getSchemaVersion()];
  expect(versions.map((version) => version?.readBigInt64BE())).toEqual([0n, 1n]);
  const looked = await client.getSchema(topic, versions[0]!);
  expect(JSON.parse(looked.schema!)).toMatchObject({ fields: [{ name: 'a' }] });
  expect(await client.getSchema(topic)).toMatchObject({ schemaType: 'Json', version: versions[1] });
  await expectError(
    'INCOMPATIBLE_SCHEMA',
    client.createProducer({ topic, schema: record([{ name: 'a', type: 'int' }]) }),
  );
  await expectError(
    'INCOMPATIBLE_SCHEMA',
    client.subscribe({ topic, subscription: 'other', schema: record([{ name: 'z', type: 'int' }]) }),
  );
  await expectError('SCHEMA_NOT_FOUND', client.getSchema(await newTopic()));
});

test('Avro schemas are declared as such', async () => {
  const topic = await newTopic();
  await client.createProducer({ topic, schema: { ...record([{ name: 'a', type: 'string' }]), schemaType: 'Avro' } });
  expect(await client.getSchema(topic)).toMatchObject({ schemaType: 'Avro' });
});

test('SCHEMA_REQUIRED where the namespace enforces it, and no schema registers itself where that is off', async () => {
  await broker.admin.createNamespace('strict', { schemaValidationEnforced: true });
  const topic = freshTopic('public/strict');
  await broker.admin.createTopic(topic);
  await broker.admin.registerSchema(
    topic,
    'JSON',
    JSON.parse(record([{ name: 'a', type: 'string' }]).schema!) as object,
  );
  await broker.admin.call('PUT', 'namespaces/public/strict/schemaAutoUpdateCompatibilityStrategy', 'FULL');
  await broker.admin.call('POST', 'namespaces/public/strict/isAllowAutoUpdateSchema', false);
  await expectError('SCHEMA_REQUIRED', client.createProducer({ topic }));
  await client.createProducer({ topic, schema: record([{ name: 'a', type: 'string' }]) });
  const wider = record([
    { name: 'a', type: 'string' },
    { name: 'b', type: 'int', default: 0 },
  ]);
  await expectError('INCOMPATIBLE_SCHEMA', client.createProducer({ topic, schema: wider }));
});

test('MESSAGE_TOO_LARGE by the limit that the broker announced; the producer goes on', async () => {
  const topic = await newTopic();
  const producer = await client.createProducer({ topic });
  const single = await client.createProducer({ topic, batchingEnabled: false });
  const consumer = await client.subscribe({ topic, subscription: 's' });
  for (const sender of [producer, single]) {
    await expectError('MESSAGE_TOO_LARGE', sender.send({ data: Buffer.alloc(1_048_577) }));
    await sender.send({ data: Buffer.alloc(1_048_000) });
    expect((await consumer.receive(5_000)).getData()).toHaveLength(1_048_000);
  }
  await expectError(
    'MESSAGE_TOO_LARGE',
    single.send({ data: Buffer.alloc(1_048_000), properties: { p: 'x'.repeat(20_000) } }),
  );
  await sendTexts(producer, ['still here']);
  expect(await receiveTexts(consumer, 1)).toEqual(['still here']);
});

test.each(['producer_exception', 'producer_request_hold'])('QUOTA_EXCEEDED: %s', async (policy) => {
  const namespace = policy.replaceAll('_', '-');
  await broker.admin.createNamespace(namespace, { backlogQuota: { limitSize: 10_000, limit: 10_000, policy } });
  const topic = freshTopic(`public/${namespace}`);
  await broker.admin.createTopic(topic);
  const consumer = await client.subscribe({ topic, subscription: 's' });
  const producer = await client.createProducer({ topic, sendTimeoutMs: 20_000 });
  await sendTexts(producer, Array<string>(20).fill('x'.repeat(1_000)));
  await until('the broker closes the producer', () => !producer.isConnected());
  await expectError('QUOTA_EXCEEDED', client.createProducer({ topic }));
  const waiting = producer.send({ data: Buffer.from('waits') });
  if (policy === 'producer_exception') await expectError('QUOTA_EXCEEDED', waiting);
  await receiveTexts(consumer, 20);
  if (policy === 'producer_request_hold') await waiting;
  else await until('it is let in again', () => producer.isConnected());
});

test('TOPIC_TERMINATED, while sending and at the start', async () => {
  const topic = await newTopic();
  const producer = await client.createProducer({ topic, batchingEnabled: false });
  await sendTexts(producer, texts(3));
  await broker.admin.terminate(topic);
  await expectError('TOPIC_TERMINATED', producer.send({ data: Buffer.from('x') }));
  await expectError('TOPIC_TERMINATED', producer.send({ data: Buffer.from('x') }));
  await expectError('TOPIC_TERMINATED', client.createProducer({ topic }));
});

test('CLOSED, for everything, and closing twice is no error', async () => {
  const topic = await newTopic();
  const own = clients.make({ serviceUrl: broker.url });
  const producer = await own.createProducer({ topic });
  const consumer = await own.subscribe({ topic, subscription: 's' });
  const waiting = consumer.receive();
  const lost = expectError('CLOSED', waiting);
  await own.close();
  await own.close();
  await lost;
  await expectError('CLOSED', consumer.receive());
  await expectError('CLOSED', producer.send({ data: Buffer.from('x') }));
  await expectError('CLOSED', own.createProducer({ topic }));
  expect([producer.isConnected(), consumer.isConnected(), own.isConnected()]).toEqual([false, false, false]);
});

test('SEND_TIMEOUT when the broker does not answer', async () => {
  const topic = await newTopic();
  const producer = await client.createProducer({ topic, sendTimeoutMs: 1 });
  const results = await Promise.allSettled(texts(200).map((text) => producer.send({ data: Buffer.from(text) })));
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'SEND_TIMEOUT' });
  expect(producer.getPending().messages).toBe(0);
});
