/** A calendar month in UTC, counted from January of the year 0: 2026-11 is 24322. */
export type Month = number;

/** The month of a time in milliseconds since 1970. */
export function monthOf(time: number): Month {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** When a month begins. */
export function startOfMonth(month: Month): Date {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12, 1));
}

/** Runs of months without a gap, as first and last: `[3, 4, 7]` is `[[3, 4], [7, 7]]`. */
export function runsOf(months: Iterable<Month>): [first: Month, last: Month][] {
  const runs: [Month, Month][] = [];
  for (const month of [...new Set(months)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === month - 1) {
      run[1] = month;
    } else {
      runs.push([month, month]);
    }
  }
  return runs;
}
