// A producer or consumer in a process of its own, to be killed. Runs what was built: `pulsar/dist`.
const { Client } = require('../../dist/index.js');

const [role, serviceUrl, topic] = process.argv.slice(2);

async function produce() {
  const producer = await new Client({ serviceUrl }).createProducer({
    topic,
    producerName: 'child',
    blockIfQueueFull: true,
    batchingMaxPublishDelayMs: 2,
  });
  for (let number = producer.getLastSequenceId() + 1; ; number++) {
    const sending = producer.send({ data: Buffer.from(String(number)), sequenceId: number });
    void sending.then(() => process.stdout.write(`${number}\n`));
    if (number % 100 === 0) await sending;
  }
}

async function consume() {
  const consumer = await new Client({ serviceUrl }).subscribe({
    topic,
    subscription: 's',
    subscriptionType: 'Failover',
  });
  for await (const message of consumer) {
    const number = Number(message.getData().toString());
    // Every other one is acknowledged.
    if (number % 2 === 0) await consumer.acknowledge(message);
    process.stdout.write(`${number}\n`);
  }
}

void (role === 'produce' ? produce() : consume());
