/**
 * `; did you mean --port?` when a candidate is near what was written, otherwise nothing. Case, dashes and underscores
 * do not count, so that a name in another place's form (DATABASE_URL for `databaseUrl`) finds its own.
 */
export function suggestion(written: string, candidates: readonly string[]): string {
  const found = nearest(written, candidates);
  return found === undefined ? '' : `; did you mean ${found}?`;
}

/** The candidate nearest to what was written, if one is near enough to be meant. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(written);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const name = plain(candidate);
    const begun = Math.min(wanted.length, name.length) >= 3 && (name.startsWith(wanted) || wanted.startsWith(name));
    const distance = begun ? 1 : editDistance(wanted, name);
    if (distance <= Math.floor(Math.max(wanted.length, name.length) / 3) && distance < (best?.distance ?? Infinity)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** How many letters to add, drop, change or swap with the next to make one text of the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const changed = from[row - 1] === to[column - 1] ? 0 : 1;
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + changed);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
