import type { Machine } from '../host';
import type { Figure, SuiteResult } from '../suites';

/** The results of one suite, and when and how they were taken. */
export interface TakenSuite extends SuiteResult {
  /** RFC 3339 UTC. */
  readonly takenOn: string;
}

/** `bench/results/latest.json`. */
export interface Results {
  readonly takenOn: string;
  /** Whether it was a smoke run, whose figures mean nothing. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The design's keys. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly suites: Readonly<Record<string, TakenSuite>>;
}

/** The results with newly taken suites in the place of older ones; those not taken this time stay. */
export function merged(older: Results | undefined, newer: Results): Results {
  const suites = { ...older?.suites, ...newer.suites };
  return {
    ...newer,
    suites,
    ratios: Object.assign({}, ...Object.values(suites).map(({ ratios }) => ratios)) as Results['ratios'],
  };
}

/** Whether a figure holds its bound; undefined when it has none. */
export function holds({ value, bound }: Figure): boolean | undefined {
  if (bound === undefined) {
    return undefined;
  }
  return bound.at === 'least' ? value >= bound.value : value <= bound.value;
}

/** A figure's value as people read it: three digits, thousands parted. */
export function shown(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** A figure's bound as people read it; empty when it has none. */
export function boundText({ bound }: Figure): string {
  return bound === undefined ? '' : `at ${bound.at} ${shown(bound.value)}`;
}
