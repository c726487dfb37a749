import { Client, type ClientConfig, type Consumer, type Message, type Producer } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';

let topics = 0;

/** A topic name that nobody else uses. */
export function freshTopic(namespace = 'public/default', domain = 'persistent'): string {
  return `${domain}://${namespace}/t-${process.pid}-${Date.now().toString(36)}-${++topics}`;
}

/** Clients that are closed when the test is over. */
export class Clients {
  private readonly open: Client[] = [];

  make(config: ClientConfig): Client {
    const client = new Client({ operationTimeoutSeconds: 15, ...config });
    this.open.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((client) => client.close()));
  }
}

/** The payloads of the next `count` messages, each acknowledged. */
export async function receiveTexts(consumer: Consumer, count: number, timeoutMs = 10_000): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const message = await consumer.receive(timeoutMs);
    texts.push(message.getData().toString());
    await consumer.acknowledge(message);
  }
  return texts;
}

/** True when nothing arrives for so long. */
export async function isSilent(consumer: Consumer, ms = 300): Promise<boolean> {
  const message: Message | undefined = await consumer.receive(ms).catch(() => undefined);
  return message === undefined;
}

/** Sends texts, and resolves when all have their receipts. */
export async function sendTexts(producer: Producer, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map((text) => producer.send({ data: Buffer.from(text) })));
}

/** `${prefix}0` … */
export function texts(count: number, prefix = 'm'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

/** Waits until it is so; raises after `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await condition()) return;
    await sleep(20);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}

/** A line for whoever reads the output of the tests: figures, seeds. */
export function print(line: string): void {
  process.stderr.write(`${line}\n`);
}
