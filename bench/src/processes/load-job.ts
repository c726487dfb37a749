import type { TargetFilter } from '@emitter/proto';
import type { LatencySummary } from '@emitter/simulator';

/** A round of acquire calls. */
export interface LoadJob {
  readonly kind: 'load';
  readonly addresses: readonly string[];
  readonly concurrency: number;
  readonly durationMs: number;
  readonly messageBytes: number;
  readonly seed: number;
  /** Calls a second; left out, as fast as the answers come. */
  readonly rate?: number;
  /** Whether to watch too, and measure when each target becomes visible. */
  readonly visibility: boolean;
}

/** What came of a round. */
export interface LoadResult {
  readonly calls: number;
  readonly acknowledged: number;
  readonly retries: number;
  readonly elapsedMs: number;
  readonly callsPerSecond: number;
  readonly latency: LatencySummary;
  /** From a call's start, or when it was due, until a watch saw the target; with how many it never saw. */
  readonly visible?: LatencySummary & { readonly neverSeen: number };
  /** CPU time of the load generator itself, in seconds: shows whether it was the bottleneck. */
  readonly generatorCpuSeconds: number;
}

/** A round of lists: each worker walks page after page, and begins again at the end. */
export interface ListJob {
  readonly kind: 'list';
  readonly address: string;
  readonly concurrency: number;
  readonly durationMs: number;
  readonly pageSize: number;
  readonly filter: Partial<TargetFilter>;
}

/** What came of it. */
export interface ListResult {
  readonly pages: number;
  readonly targets: number;
  readonly pagesPerSecond: number;
  readonly latency: LatencySummary;
}

/** What the load generator is asked to do. */
export type Job = LoadJob | ListJob;

/** What it sends back. */
export type Answer = { readonly result: LoadResult | ListResult } | { readonly failure: string };
