import { AuthenticationToken, PulsarError, type AttachmentEvent, type ConnectionEvent } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';
import * as c from '../src/wire/commands';
import type { Reader } from '../src/wire/reader';
import { nested, message, text, blob } from '../src/wire/message-type';
import { FakeBroker, type FakeSocket } from './fake/fake-broker';
import { Clients, receiveTexts, sendTexts, texts, until } from './support';

const clients = new Clients();
const brokers: FakeBroker[] = [];
const newBroker = async (): Promise<FakeBroker> => {
  const broker = await new FakeBroker().start();
  brokers.push(broker);
  return broker;
};
const fast = { keepAliveIntervalMs: 150, reconnectBackOffMs: { first: 10, max: 50 }, connectionTimeoutMs: 500 };

afterEach(async () => {
  await clients.close();
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
});

test('says who it is and what it can', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, authentication: new AuthenticationToken({ token: 'abc' }) });
  await client.createProducer({ topic: 't' });
  expect(broker.connects[0]).toMatchObject({
    authMethod: 'token',
    protocolVersion: 21,
    features: { authRefresh: true },
  });
  expect(Buffer.from(broker.connects[0]!.authData!).toString()).toBe('abc');
});

test('follows redirects, and gives up on a circle', async () => {
  const [first, second] = [await newBroker(), await newBroker()];
  const redirect = (to: FakeBroker) => (socket: FakeSocket, body: Reader) => {
    const { requestId } = c.Lookup.read(body);
    socket.reply(c.Type.LOOKUP_RESPONSE, c.LookupResponse, {
      requestId,
      response: 0,
      brokerUrl: to.url,
      authoritative: true,
    });
    return true;
  };
  first.hooks.set(c.Type.LOOKUP, redirect(second));
  const producer = await clients.make({ serviceUrl: first.url }).createProducer({ topic: 't' });
  await sendTexts(producer, ['x']);
  expect([first.entries.length, second.entries.length]).toEqual([0, 1]);
  second.hooks.set(c.Type.LOOKUP, redirect(first));
  const client = clients.make({ serviceUrl: first.url, operationTimeoutSeconds: 1 });
  await expect(client.createProducer({ topic: 't' })).rejects.toMatchObject({ code: 'SERVICE_NOT_READY' });
});

test('goes through a proxy when told to, and names the broker to it', async () => {
  const proxy = await newBroker();
  proxy.hooks.set(c.Type.LOOKUP, (socket, body) => {
    const { requestId } = c.Lookup.read(body);
    socket.reply(c.Type.LOOKUP_RESPONSE, c.LookupResponse, {
      requestId,
      response: 1,
      brokerUrl: 'pulsar://inside:6650',
      throughProxy: true,
    });
    return true;
  });
  await sendTexts(await clients.make({ serviceUrl: proxy.url }).createProducer({ topic: 't' }), ['x']);
  expect(proxy.connects.map(({ proxyToBroker }) => proxyToBroker)).toEqual([undefined, 'inside:6650']);
  expect(proxy.entries).toHaveLength(1);
});

test('answers pings, and AUTH_CHALLENGE with fresh credentials', async () => {
  const broker = await newBroker();
  let asked = 0;
  const authentication = new AuthenticationToken({ token: () => `token ${++asked}` });
  await clients.make({ serviceUrl: broker.url, authentication }).createProducer({ topic: 't' });
  const answers: string[] = [];
  const AuthData = message('AuthData', { method: text(1), data: blob(2) });
  const Response = message('AuthResponse', { response: nested(2, AuthData) });
  broker.hooks.set(
    c.Type.AUTH_RESPONSE,
    (_, body) => answers.push(Buffer.from(Response.read(body).response!.data!).toString()) > 0,
  );
  for (const socket of broker.sockets) {
    socket.reply(c.Type.PING, c.Nothing, {});
    socket.reply(c.Type.AUTH_CHALLENGE, c.AuthChallenge, {});
  }
  await until('both are answered', () => broker.count(c.Type.PONG) === 1 && answers.length === 1);
  expect(answers).toEqual(['token 2']);
});

test('a peer that falls silent is asked, then given up; and everything goes on over another connection', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  const events: ConnectionEvent[] = [];
  client.events.on('connection', (event) => events.push(event));
  const producer = await client.createProducer({ topic: 't' });
  await until('it asked', () => broker.count(c.Type.PING) > 0);
  expect(client.isConnected()).toBe(true);
  const silent = new Set(broker.sockets);
  for (const type of [c.Type.PING, c.Type.SEND]) broker.hooks.set(type, (socket) => silent.has(socket));
  const sending = sendTexts(producer, texts(3));
  await until('it noticed', () => events.some(({ state }) => state === 'closed'));
  await sending;
  expect(broker.entries.length).toBe(1);
  expect(events.map(({ state, error }) => [state, error?.code])).toEqual([
    ['open', undefined],
    ['closed', 'CONNECTION_LOST'],
    ['open', undefined],
  ]);
});

test('what is in flight is sent again in order, with the same numbers and name, as often as it takes', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  const producer = await client.createProducer({ topic: 't', batchingMaxMessages: 2 });
  const names: (string | undefined)[] = [];
  const epochs: (number | undefined)[] = [];
  broker.hooks.set(c.Type.PRODUCER, (_, body) => {
    const { name, epoch } = c.Producer.read(body);
    names.push(name);
    epochs.push(epoch);
    return false;
  });
  let cuts = 0;
  broker.hooks.set(c.Type.SEND, (socket) => {
    if (socket.destroyed) return true;
    if (cuts >= 3) return false;
    cuts++;
    socket.destroy();
    return true;
  });
  const consumer = await client.subscribe({ topic: 't', subscription: 's' });
  await sendTexts(producer, texts(10));
  expect(names).toEqual(['made-up', 'made-up', 'made-up']);
  expect(epochs).toEqual([1, 2, 3]);
  const received = await receiveTexts(consumer, 10);
  expect(received).toEqual(texts(10));
});

test('an unload sends it to where the broker says', async () => {
  const [first, second] = [await newBroker(), await newBroker()];
  const client = clients.make({ serviceUrl: first.url, ...fast });
  const events: AttachmentEvent[] = [];
  client.events.on('attachment', (event) => events.push(event));
  const producer = await client.createProducer({ topic: 't' });
  first.detach('producer', second.url);
  await until('it has moved', () => second.producers.size === 1);
  await sendTexts(producer, ['x']);
  expect([first.entries.length, second.entries.length]).toEqual([0, 1]);
  expect(events.map(({ state }) => state)).toEqual(['connected', 'reconnecting', 'connected']);
});

test('a passing refusal is tried again, another one is raised at once', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  let refusals = 2;
  const refuse = (error: number) => {
    broker.hooks.set(c.Type.PRODUCER, (socket, body) => {
      if (refusals-- <= 0) return false;
      socket.reply(c.Type.ERROR, c.Failure, { requestId: c.Producer.read(body).requestId, error, message: 'no' });
      return true;
    });
  };
  refuse(6);
  await client.createProducer({ topic: 't' });
  refusals = 1;
  refuse(16);
  await expect(client.createProducer({ topic: 't' })).rejects.toMatchObject({
    code: 'PRODUCER_BUSY',
    retryable: true,
    details: { serverError: 'ProducerBusy' },
  });
});

test.each([
  [15, 'TOPIC_TERMINATED'],
  [18, 'INCOMPATIBLE_SCHEMA'],
])('a producer that may not come back (error %d) fails what it holds with %s', async (error, code) => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  const producer = await client.createProducer({ topic: 't' });
  broker.hooks.set(c.Type.PRODUCER, (socket, body) => {
    socket.reply(c.Type.ERROR, c.Failure, { requestId: c.Producer.read(body).requestId, error, message: 'no' });
    return true;
  });
  broker.hooks.set(c.Type.SEND, () => true);
  const sending = producer.send({ data: Buffer.from('x') });
  await sleep(30);
  broker.detach('producer');
  await expect(sending).rejects.toMatchObject({ code });
  await expect(producer.send({ data: Buffer.from('x') })).rejects.toMatchObject({ code });
  expect(producer.isConnected()).toBe(false);
});

test('garbage from the broker ends the connection, not the process', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  const reasons: (string | undefined)[] = [];
  client.events.on('connection', ({ error }) => error && reasons.push(error.code));
  const producer = await client.createProducer({ topic: 't' });
  for (const socket of broker.sockets) socket.write(Buffer.from('0000000800000004ffffffff', 'hex'));
  await until('it noticed', () => reasons.length === 1);
  await sendTexts(producer, ['x']);
  expect(reasons).toEqual(['PROTOCOL_ERROR']);
});

test('an unanswered question times out', async () => {
  const broker = await newBroker();
  broker.hooks.set(c.Type.PARTITIONS, () => true);
  const client = clients.make({ serviceUrl: broker.url, operationTimeoutSeconds: 1 });
  await expect(client.getPartitionsForTopic('t')).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('moving over: when no fresh connection can be had, everything stays as it was', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  const producer = await client.createProducer({ topic: 't' });
  broker.hooks.set(c.Type.CONNECT, (socket) => {
    socket.reply(c.Type.ERROR, c.Failure, { requestId: 0, error: 3, message: 'who?' });
    return true;
  });
  await expect(client.moveOver()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  await sendTexts(producer, ['x']);
  expect(client.isConnected()).toBe(true);
  broker.hooks.clear();
  await client.moveOver();
  await sendTexts(producer, ['y']);
  expect([broker.entries.length, broker.connects.length]).toEqual([2, 2]);
});

test('what is being made while everything moves over is made', async () => {
  const broker = await newBroker();
  const client = clients.make({ serviceUrl: broker.url, ...fast });
  await client.createProducer({ topic: 't' });
  const old = new Set(broker.sockets);
  broker.hooks.set(c.Type.LOOKUP, (socket) => old.has(socket));
  const making = client.createProducer({ topic: 'other' });
  await until('it asks', () => broker.count(c.Type.LOOKUP) === 2);
  const moving = client.moveOver();
  await until('the fresh connection is there', () => broker.connects.length === 2);
  await moving;
  expect((await making).isConnected()).toBe(true);
});

test('closing leaves nothing behind', async () => {
  const broker = await newBroker();
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const client = clients.make({ serviceUrl: broker.url });
  const consumer = await client.subscribe({
    topic: 't',
    subscription: 's',
    ackTimeoutMs: 1_000,
    subscriptionType: 'Shared',
  });
  const producer = await client.createProducer({ topic: 't' });
  await sendTexts(producer, texts(3));
  consumer.negativeAcknowledge(await consumer.receive(1_000));
  await consumer.acknowledge(await consumer.receive(1_000));
  await client.close();
  await until('the sockets are closed', () => broker.sockets.size === 0);
  await sleep(20);
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(before + 1);
});

test('errors are PulsarErrors whatever was thrown', () => {
  const own = new PulsarError('CLOSED', 'x');
  expect(PulsarError.from(own, 'TIMEOUT')).toBe(own);
  expect(PulsarError.from(new Error('y'), 'TIMEOUT')).toMatchObject({ code: 'TIMEOUT', message: 'y' });
  expect(PulsarError.from('z', 'TIMEOUT')).toMatchObject({ code: 'TIMEOUT', message: 'z', cause: 'z' });
});
