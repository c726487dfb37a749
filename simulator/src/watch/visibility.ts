import { targetId, type Target } from '@emitter/proto';
import { createLatencyRecorder, type LatencySummary } from '../load/latency';
import type { EmitterClient } from '../client';
import type { SentRequest } from '../oracle';
import { follow } from './follow';

/** Measures how long targets take from being sent to being seen by a watch. */
export interface VisibilityMeter {
  /** Notes a request and when it was sent (`performance.now()`); call it before sending: load's `onSent` fits. */
  readonly sent: (request: SentRequest, sinceMs: number) => void;
  /** Targets sent and not seen yet, those of refused requests included. */
  waiting(): number;
  /** Resolves when every target noted was seen, or after the time given, in milliseconds; says which. */
  settled(timeoutMs: number): Promise<boolean>;
  summary(): LatencySummary;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * Starts a watch on the first of the clients that answers and resolves once it has begun. Repeats that the watch
 * delivers count once.
 */
export async function measureVisibility(clients: readonly EmitterClient[]): Promise<VisibilityMeter> {
  const since = new Map<string, number>();
  const latency = createLatencyRecorder();
  const over = new AbortController();
  let allSeen: (() => void) | undefined;

  function seen(targets: readonly Target[]): void {
    const at = performance.now();
    for (const { id } of targets) {
      const sentAt = since.get(id);
      if (sentAt !== undefined) {
        since.delete(id);
        latency.record(at - sentAt);
      }
    }
    if (since.size === 0) {
      allSeen?.();
    }
  }

  let following = Promise.resolve();
  await new Promise<void>((onBegun, reject) => {
    following = follow({ clients, signal: over.signal, onBegun, onTargets: seen });
    following.catch(reject);
  });

  return {
    sent: ({ requestId, targets }, sinceMs) => {
      targets.forEach((_, place) => since.set(targetId(requestId, place), sinceMs));
    },
    waiting: () => since.size,
    settled: (timeoutMs) =>
      new Promise((resolve) => {
        if (since.size === 0) {
          resolve(true);
          return;
        }
        const timer = setTimeout(() => resolve(false), timeoutMs);
        allSeen = () => {
          clearTimeout(timer);
          resolve(true);
        };
      }),
    summary: () => latency.summary(),
    stop: async () => {
      over.abort();
      await following;
    },
  };
}
