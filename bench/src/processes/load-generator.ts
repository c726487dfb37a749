import { connectEmitter, createLatencyRecorder, load, measureVisibility } from '@emitter/simulator';
import type { Answer, Job, ListJob, ListResult, LoadJob, LoadResult } from './load-job';

/*
 * The load, in a process of its own so that it takes no CPU time of what is measured: does each job that comes over
 * the IPC channel and sends the figures back; ends with the channel.
 */
const TIMEOUT_MS = 10_000;

async function runLoad(job: LoadJob): Promise<LoadResult> {
  const clients = job.addresses.map((address) => connectEmitter(address, { timeoutMs: TIMEOUT_MS }));
  try {
    const meter = job.visibility ? await measureVisibility(clients) : undefined;
    const cpuBefore = process.cpuUsage();
    const { calls, acknowledged, retries, elapsedMs, callsPerSecond, latency } = await load({
      clients,
      concurrency: job.concurrency,
      durationMs: job.durationMs,
      messageBytes: job.messageBytes,
      seed: job.seed,
      timeoutMs: TIMEOUT_MS,
      ...(job.rate === undefined ? {} : { rate: job.rate }),
      ...(meter === undefined ? {} : { onSent: meter.sent }),
    });
    const { user, system } = process.cpuUsage(cpuBefore);
    await meter?.settled(TIMEOUT_MS);
    await meter?.stop();
    return {
      calls,
      acknowledged,
      retries,
      elapsedMs,
      callsPerSecond,
      latency,
      ...(meter === undefined ? {} : { visible: { ...meter.summary(), neverSeen: meter.waiting() } }),
      generatorCpuSeconds: (user + system) / 1_000_000,
    };
  } finally {
    clients.forEach((client) => client.close());
  }
}

async function runList({ address, concurrency, durationMs, pageSize, filter }: ListJob): Promise<ListResult> {
  const client = connectEmitter(address, { timeoutMs: TIMEOUT_MS });
  const latency = createLatencyRecorder();
  const started = performance.now();
  const isOver = (): boolean => performance.now() - started >= durationMs;
  let pages = 0;
  let targets = 0;

  async function walk(): Promise<void> {
    for (let token = ''; !isOver();) {
      const askedAt = performance.now();
      const page = await client.page({ filter, pageSize }, token);
      latency.record(performance.now() - askedAt);
      pages++;
      targets += page.targets.length;
      token = page.nextPageToken;
    }
  }

  try {
    await Promise.all(Array.from({ length: concurrency }, walk));
    const pagesPerSecond = (pages * 1_000) / (performance.now() - started);
    return { pages, targets, pagesPerSecond, latency: latency.summary() };
  } finally {
    client.close();
  }
}

process.on('message', (job: Job) => {
  const done: Promise<LoadResult | ListResult> = job.kind === 'load' ? runLoad(job) : runList(job);
  void done.then(
    (result) => process.send?.({ result } satisfies Answer),
    (error: unknown) => process.send?.({ failure: String(error) } satisfies Answer),
  );
});
process.once('disconnect', () => process.exit(0));
