import { MessageId, type Client, type Consumer, type Producer, type PulsarError } from '@emitter/pulsar';
import { setTimeout as sleep } from 'node:timers/promises';

/** A repeatable source of random numbers (mulberry32), 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbered messages, sent and received while faults happen, and the account of what became of them. */
export class Load {
  /** Numbers whose `send` resolved. */
  readonly acknowledged = new Set<number>();
  readonly failed = new Map<number, string>();
  readonly received = new Set<number>();
  /** When a number was first received, `performance.now()`. */
  lastReceivedAt = 0;
  lastAcknowledgedAt = 0;
  outOfOrder = 0;
  mostPending = 0;
  mostHeapMiB = 0;
  sent = 0;
  private running = true;
  private readonly work: Promise<unknown>[] = [];
  private readonly sends: Promise<unknown>[] = [];
  private readonly highest = new Map<string, number>();

  constructor(
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly random: () => number,
    private readonly keys = false,
  ) {
    this.work.push(this.produce(), this.consume());
  }

  /** Stops sending, waits until everything acknowledged was received, or `ms` are over. */
  async finish(ms = 20_000): Promise<void> {
    this.running = false;
    await this.work[0];
    await Promise.all(this.sends);
    for (const end = Date.now() + ms; Date.now() < end && !this.complete;) await sleep(20);
    await this.consumer.close();
    await this.work[1];
  }

  /** Everything that was acknowledged was received. */
  get complete(): boolean {
    return [...this.acknowledged].every((number) => this.received.has(number));
  }

  /** Milliseconds after `ended` (performance.now()) until messages flow both ways again. */
  async recovery(ended: number, ms = 20_000): Promise<number> {
    while (performance.now() < ended + ms) {
      if (this.lastAcknowledgedAt > ended && this.lastReceivedAt > ended) return performance.now() - ended;
      await sleep(5);
    }
    return Infinity;
  }

  private async produce(): Promise<void> {
    while (this.running) {
      for (let burst = 1 + Math.floor(this.random() * 40); burst > 0; burst--) this.send(this.sent++);
      this.mostPending = Math.max(this.mostPending, this.producer.getPending().messages);
      this.mostHeapMiB = Math.max(this.mostHeapMiB, process.memoryUsage().heapUsed / 2 ** 20);
      await sleep(2 + this.random() * 8);
      // Real callers wait as well when there is no room.
      while (this.mustWait()) await sleep(5);
    }
  }

  private mustWait(): boolean {
    return this.running && !this.producer.getPending().open;
  }

  private send(number: number): void {
    const message = {
      data: Buffer.from(String(number).padEnd(100)),
      ...(this.keys && { partitionKey: `k${number % 16}` }),
    };
    const sending = this.producer.send(message).then(
      () => {
        this.acknowledged.add(number);
        this.lastAcknowledgedAt = performance.now();
      },
      (error: unknown) => this.failed.set(number, (error as PulsarError).code),
    );
    this.sends.push(sending);
  }

  private async consume(): Promise<void> {
    for await (const message of this.consumer) {
      const number = Number(message.getData().toString());
      const topic = message.getTopicName();
      if (!this.received.has(number)) {
        if (number < (this.highest.get(topic) ?? -1)) this.outOfOrder++;
        this.highest.set(topic, number);
        this.received.add(number);
        this.lastReceivedAt = performance.now();
      }
      await (this.random() < 0.5 ? this.consumer.acknowledge(message) : this.consumer.acknowledgeCumulative(message));
    }
  }
}

/** All numbers that are in a topic partition, in their order there. */
export async function stored(client: Client, topic: string): Promise<number[]> {
  const all: number[] = [];
  for (const partition of await client.getPartitionsForTopic(topic)) {
    const reader = await client.createReader({ topic: partition, startMessageId: MessageId.earliest() });
    while (reader.hasNext()) all.push(Number((await reader.readNext(5_000)).getData().toString()));
    await reader.close();
  }
  return all;
}
