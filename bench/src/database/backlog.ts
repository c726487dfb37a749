import { createMetrics, silentLogger } from '@emitter/kit';
import { openEventLog } from '@emitter/event-log';
import { contentHash, encodeTargetsAcquired, targetsAcquired } from '@emitter/proto';
import type { BenchStack } from '../stack';
import type { OneTargetEvent } from './rows';

const AT_ONCE = 1_000;

/** Publishes events to the log as destroyer does, without it. */
export async function appendBacklog(stack: BenchStack, events: readonly OneTargetEvent[]): Promise<void> {
  const log = openEventLog({
    url: stack.databaseUrl,
    login: stack.administrator,
    role: 'publisher',
    logger: silentLogger(),
    metrics: createMetrics('bench', { processMetrics: false }),
  });
  try {
    for (let at = 0; at < events.length; at += AT_ONCE) {
      await Promise.all(events.slice(at, at + AT_ONCE).map((event) => log.publish(outgoing(event))));
    }
  } finally {
    await log.close();
  }
}

function outgoing({ id, target }: OneTargetEvent) {
  return {
    id,
    contentHash: contentHash([target]),
    payload: encodeTargetsAcquired(targetsAcquired(id, [target])),
    attributes: {},
  };
}
