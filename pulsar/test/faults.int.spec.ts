import { type Client } from '@emitter/pulsar';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestBroker } from './broker/test-broker';
import { FaultProxy } from './faults/fault-proxy';
import { Load, seeded, stored } from './faults/load';
import { Clients, freshTopic, receiveTexts, sendTexts, texts, until, print } from './support';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const RECOVERY_MS = 5_000;

let broker: TestBroker;
const proxy = new FaultProxy(() => broker.ports.plain);
let proxyPort: number;
const clients = new Clients();

beforeAll(async () => {
  print(`SEED=${SEED} repeats this run`);
  proxyPort = await proxy.listen();
  broker = await TestBroker.start({
    settings: ({ plain }) => ({
      // Clients that ask for `outside` come through the proxy, always.
      advertisedListeners: `inside:pulsar://127.0.0.1:${plain},outside:pulsar://127.0.0.1:${proxyPort}`,
      internalListenerName: 'inside',
    }),
  });
  await broker.admin.createNamespace('faults', {
    deduplication: true,
    retention: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
  });
}, 90_000);
afterEach(() => clients.close(), 30_000);
afterAll(async () => {
  await proxy.close();
  await broker.remove();
}, 30_000);

const behindProxy = (): Client =>
  clients.make({
    serviceUrl: `pulsar://127.0.0.1:${proxyPort}`,
    listenerName: 'outside',
    keepAliveIntervalMs: 500,
    connectionTimeoutMs: 1_000,
  });

async function underLoad(partitions: number, keys: boolean): Promise<{ load: Load; topic: string; client: Client }> {
  const topic = freshTopic('public/faults');
  if (partitions > 0) await broker.admin.createTopic(topic, partitions);
  const client = behindProxy();
  const consumer = await client.subscribe({
    topic,
    subscription: 's',
    subscriptionType: 'Failover',
    subscriptionInitialPosition: 'Earliest',
  });
  const producer = await client.createProducer({
    topic,
    blockIfQueueFull: true,
    maxPendingMessages: 500,
    batchingMaxPublishDelayMs: 2,
  });
  return { load: new Load(producer, consumer, seeded(SEED), keys), topic, client };
}

async function expectAccount(
  name: string,
  { load, topic, client }: Awaited<ReturnType<typeof underLoad>>,
  recoveries: number[],
  bound: number,
): Promise<void> {
  await load.finish();
  const stores = await stored(client, topic);
  const there = new Set(stores);
  print(
    `${name}: sent ${load.sent}, acknowledged ${load.acknowledged.size}, failed ${load.failed.size}, received ${load.received.size}, ` +
      `stored ${stores.length}; recovered in ${recoveries.map((ms) => Math.round(ms)).join(', ')} ms; ` +
      `pending at most ${load.mostPending}, heap at most ${Math.round(load.mostHeapMiB)} MiB`,
  );
  expect([...load.acknowledged].filter((number) => !load.received.has(number))).toEqual([]);
  expect([...load.acknowledged].filter((number) => !there.has(number))).toEqual([]);
  expect(stores.length).toBe(there.size);
  expect(load.outOfOrder).toBe(0);
  expect(load.mostPending).toBeLessThanOrEqual(bound);
  for (const ms of recoveries) expect(ms).toBeLessThan(RECOVERY_MS);
  expect(load.failed.size).toBe(0);
}

test('connections cut at random', async () => {
  const run = await underLoad(4, true);
  const random = seeded(SEED + 1);
  const recoveries: number[] = [];
  for (let i = 0; i < 6; i++) {
    await sleep(100 + random() * 500);
    proxy.cut();
    recoveries.push(await run.load.recovery(performance.now()));
  }
  await expectAccount('cut', run, recoveries, 2_000);
}, 90_000);

test('the broker unreachable for a while', async () => {
  const run = await underLoad(0, false);
  const recoveries: number[] = [];
  for (let i = 0; i < 2; i++) {
    await sleep(300);
    proxy.mode = 'refuse';
    proxy.cut();
    await sleep(4_000);
    proxy.mode = 'through';
    recoveries.push(await run.load.recovery(performance.now()));
  }
  await expectAccount('unreachable', run, recoveries, 500);
}, 90_000);

test('connections half-open: packets vanish, nothing is closed', async () => {
  const run = await underLoad(2, true);
  const recoveries: number[] = [];
  for (let i = 0; i < 2; i++) {
    await sleep(500);
    proxy.mode = 'silent';
    await sleep(1_500);
    proxy.mode = 'through';
    recoveries.push(await run.load.recovery(performance.now()));
  }
  await expectAccount('half-open', run, recoveries, 1_000);
}, 90_000);

test('a slow connection', async () => {
  const run = await underLoad(0, false);
  proxy.mode = 'slow';
  await sleep(3_000);
  proxy.mode = 'through';
  await expectAccount('slow', run, [await run.load.recovery(performance.now())], 500);
}, 90_000);

test('topics unloaded', async () => {
  const run = await underLoad(3, true);
  const recoveries: number[] = [];
  for (let i = 0; i < 4; i++) {
    await sleep(500);
    await broker.admin.unload(run.topic);
    recoveries.push(await run.load.recovery(performance.now()));
  }
  await expectAccount('unload', run, recoveries, 1_500);
}, 90_000);

test('broker killed with -9 and started again', async () => {
  const run = await underLoad(2, true);
  const recoveries: number[] = [];
  for (let i = 0; i < 2; i++) {
    await sleep(1_000);
    await broker.kill();
    await sleep(200);
    await broker.start();
    recoveries.push(await run.load.recovery(performance.now()));
  }
  await expectAccount('kill -9', run, recoveries, 1_000);
}, 180_000);

test('the clock jumps by an hour, both ways', async () => {
  const run = await underLoad(0, false);
  const real = Date.now;
  try {
    for (const jump of [3_600_000, -3_600_000]) {
      await sleep(300);
      Date.now = () => real() + jump;
      await sleep(700);
    }
  } finally {
    Date.now = real;
  }
  await expectAccount('clock', run, [await run.load.recovery(performance.now())], 500);
}, 60_000);

// Runs a child until `enough` says so, kills it with -9, and returns the numbers it printed.
async function runAndKill(role: string, topic: string, enough: (numbers: number[]) => boolean): Promise<number[]> {
  const child = spawn(process.execPath, [join(__dirname, 'faults/child.cjs'), role, broker.url, topic], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const numbers = (): number[] => output.split('\n').slice(0, -1).map(Number);
  await until(`${role} has done enough`, () => enough(numbers()), 20_000);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
  return numbers();
}

test('a producer killed with messages in flight, five times: what it acknowledged is there, once, in order', async () => {
  const topic = freshTopic('public/faults');
  const random = seeded(SEED + 2);
  const acknowledged: number[] = [];
  for (let i = 0; i < 5; i++) {
    const enough = 50 + random() * 2_000;
    acknowledged.push(...(await runAndKill('produce', topic, (numbers) => numbers.length >= enough)));
  }
  const there = await stored(clients.make({ serviceUrl: broker.url }), topic);
  print(`producer killed: acknowledged ${acknowledged.length}, stored ${there.length}`);
  expect(there).toEqual(Array.from({ length: there.length }, (_, i) => i));
  expect(Math.max(...acknowledged)).toBeLessThan(there.length);
}, 90_000);

test('a consumer killed before it acknowledged: the next one gets all of it', async () => {
  const topic = freshTopic('public/faults');
  const client = clients.make({ serviceUrl: broker.url });
  await (await client.subscribe({ topic, subscription: 's', subscriptionType: 'Failover' })).close();
  const producer = await client.createProducer({ topic, batchingEnabled: false });
  await sendTexts(producer, texts(200, ''));
  const seen = await runAndKill('consume', topic, (numbers) => numbers.length >= 100);
  const next = await client.subscribe({ topic, subscription: 's', subscriptionType: 'Failover' });
  const unacknowledged = texts(200, '').filter((text) => !seen.includes(Number(text)) || Number(text) % 2 === 1);
  const rest: string[] = [];
  while (!unacknowledged.every((text) => rest.includes(text))) rest.push(...(await receiveTexts(next, 1)));
  expect(rest.map(Number)).toEqual([...rest].map(Number).sort((a, b) => a - b));
}, 60_000);
