import type { LoadGenerator } from '../processes';
import type { Scale } from '../scale';
import type { BenchStack } from '../stack';

/** What every suite works with. */
export interface Bench {
  /** Everything running: Postgres, destroyer, deathstar. */
  readonly stack: BenchStack;
  readonly generator: LoadGenerator;
  readonly scale: Scale;
  /** Tells what is going on. */
  readonly say: (text: string) => void;
}

/** A line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it must hold, when the design says so. */
  readonly bound?: { readonly at: 'least' | 'most'; readonly value: number };
}

/** What a suite measured. */
export interface SuiteResult {
  /** Ratios and bounded figures by the design's keys. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: readonly Figure[];
  /** The configuration behind the figures, for a reader who wants to repeat them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Every round as it was measured. */
  readonly raw: unknown;
}

/** A suite: a name to choose it by, and what it measures. */
export interface Suite {
  readonly name: string;
  readonly summary: string;
  run(bench: Bench): Promise<SuiteResult>;
}

/** The bounds of the design's table, "Numbers to hold". */
export const bounds = {
  embedded_destroyer_vs_echo: { at: 'least', value: 0.4 },
  embedded_deathstar_vs_copy: { at: 'least', value: 0.25 },
  visible_p99_ms: { at: 'most', value: 50 },
  rss_mib: { at: 'most', value: 192 },
} as const;
