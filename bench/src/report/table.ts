import { boundText, holds, shown, type Results } from './results';

/** All figures as lines for a terminal, a heading for each suite. */
export function table({ suites }: Pick<Results, 'suites'>): string {
  const rows = Object.entries(suites).flatMap(([name, { figures }]) => [
    { heading: name },
    ...figures.map((figure) => ({
      what: figure.what,
      value: shown(figure.value),
      unit: figure.unit,
      bound: boundText(figure),
      verdict: { true: '✓', false: '✗ not held', undefined: '' }[
        String(holds(figure)) as 'true' | 'false' | 'undefined'
      ],
    })),
  ]);
  const figures = rows.filter((row) => 'what' in row);
  const width = (of: (row: (typeof figures)[number]) => string) => Math.max(0, ...figures.map((row) => of(row).length));
  const [what, value, unit, bound] = [
    width((row) => row.what),
    width((row) => row.value),
    width((row) => row.unit),
    width((row) => row.bound),
  ];
  return rows
    .map((row) =>
      'heading' in row
        ? `\n${row.heading}`
        : `  ${row.what.padEnd(what)}  ${row.value.padStart(value)} ${row.unit.padEnd(unit)}  ${row.bound.padEnd(bound)} ${row.verdict}`.trimEnd(),
    )
    .join('\n');
}
