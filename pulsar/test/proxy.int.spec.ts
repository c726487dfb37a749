import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TestBroker } from './broker/test-broker';
import { Clients, freshTopic, receiveTexts, sendTexts, texts, until } from './support';

let broker: TestBroker;
let proxy: ChildProcess;
let port: number;
const clients = new Clients();

beforeAll(async () => {
  broker = await TestBroker.start();
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  const configuration = join(broker.folder, 'proxy.conf');
  const settings = {
    clusterName: 'standalone',
    brokerServiceURL: broker.url,
    brokerWebServiceURL: `http://127.0.0.1:${broker.ports.admin}`,
    servicePort: String(port),
    webServicePort: '0',
    bindAddress: '127.0.0.1',
    advertisedAddress: '127.0.0.1',
    brokerProxyAllowedTargetPorts: String(broker.ports.plain),
    brokerProxyAllowedIPAddresses: '127.0.0.1',
  };
  const known = readFileSync(join(broker.home, 'conf/proxy.conf'), 'utf8')
    .split('\n')
    .filter((line) => !((line.split('=')[0] ?? '') in settings));
  writeFileSync(
    configuration,
    [...known, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ''].join('\n'),
  );
  mkdirSync(join(broker.folder, 'proxy-log'));
  const env = {
    ...process.env,
    PULSAR_PROXY_CONF: configuration,
    PULSAR_MEM: '-Xmx128m',
    PULSAR_GC: '-XX:+UseSerialGC',
    PULSAR_LOG_DIR: join(broker.folder, 'proxy-log'),
  };
  proxy = spawn(join(broker.home, 'bin/pulsar'), ['proxy'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [proxy.stdout, proxy.stderr])
    stream?.on('data', (line: Buffer) => appendFileSync(join(broker.folder, 'proxy.log'), line));
  const probe = clients.make({ serviceUrl: `pulsar://127.0.0.1:${port}` });
  await until(
    'the proxy answers',
    () =>
      probe.getPartitionsForTopic(freshTopic()).then(
        () => true,
        () => false,
      ),
    30_000,
  );
}, 120_000);
afterAll(async () => {
  await clients.close();
  proxy.kill('SIGKILL');
  await until('the proxy is gone', () => proxy.exitCode !== null || proxy.signalCode !== null);
  await broker.remove();
}, 30_000);

test('Pulsar’s own proxy: everything goes through it, and comes back after it was cut', async () => {
  const client = clients.make({ serviceUrl: `pulsar://127.0.0.1:${port}` });
  const urls: string[] = [];
  client.events.on('connection', ({ url, state }) => state === 'open' && urls.push(url));
  const topic = freshTopic();
  await broker.admin.createTopic(topic, 2);
  const consumer = await client.subscribe({ topic, subscription: 's' });
  const producer = await client.createProducer({ topic });
  await sendTexts(producer, texts(100));
  expect((await receiveTexts(consumer, 100)).sort()).toEqual(texts(100).sort());
  expect(urls).toEqual([
    `pulsar://127.0.0.1:${port}`,
    `pulsar://127.0.0.1:${port} for localhost:${broker.ports.plain}`,
  ]);
  await broker.admin.unload(topic);
  await sendTexts(producer, texts(10, 'n'));
  expect((await receiveTexts(consumer, 10)).sort()).toEqual(texts(10, 'n').sort());
}, 60_000);
