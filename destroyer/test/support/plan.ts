/** A node of what `explain (analyze, format json)` gives; only what is looked at. */
export interface Plan {
  readonly 'Node Type'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Loops'?: number;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** How a table was read. */
export interface Scan {
  readonly relation: string;
  /** Undefined when the whole table was read. */
  readonly index: string | undefined;
  /** Rows that were read, whether they passed or not. */
  readonly rows: number;
}

/** The reads of tables that were really done: a partition that was pruned or never came to its turn is none. */
export function executedScans(plan: Plan): Scan[] {
  const below = (plan.Plans ?? []).flatMap(executedScans);
  const relation = plan['Relation Name'];
  const loops = plan['Actual Loops'] ?? 0;
  if (loops === 0) {
    return [];
  }
  if (relation === undefined) {
    return below;
  }
  const rows = Math.round(((plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0)) * loops);
  // A bitmap's index stands in the node below it.
  const index = plan['Index Name'] ?? (plan.Plans ?? []).map((child) => child['Index Name']).find(Boolean);
  return [...below, { relation, index, rows }];
}
