import type { PoolClient } from 'pg';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import { bounds, lowestUlid, TargetFilter } from '@emitter/proto';
import { parseFilter } from '../src/filter';
import { listQuery, type Query } from '../src/list/statements';
import { Violations } from '../src/violations';
import { FEED_ROWS, feedAfter, feedAfterHere, feedBetween } from '../src/watch/statements';
import { executedScans, type Plan } from './support/plan';
import { ensurePartitions, query } from './support/rows';

const ROWS = 1_000_000;
const DAY = 24 * 3_600_000;
const BEGIN = Date.UTC(2026, 0, 1);
/** Targets come in bursts of 50 of one millisecond, over 200 days. */
const BURST = 50;
const STEP = (200 * DAY) / (ROWS / BURST);
const time = (share: number): number => BEGIN + Math.floor(share * 200 * DAY);

let database: TestDatabase;
let reader: PoolClient;
let someIds: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  const runs = query(database);
  await ensurePartitions(runs, BEGIN, BEGIN + 200 * DAY);
  // Hexadecimal digits are digits of a ULID too.
  await runs.query(
    `with burst as materialized (
       select nth, at, substr(projection.lowest_ulid(at), 1, 10) as id
       from generate_series(0, $3 - 1) as nth, to_timestamp(($1::bigint + nth * $2::float8) / 1000) as at
     )
     insert into projection.targets (id, message, criticality, source, created_on, updated_on)
     select
       burst.id || upper(substr(md5(nth::text || place::text), 1, 16)), 'a target among a million',
       (nth * 7 + place * place) % 11, case when place < 5 then '' else 'probe-' || (nth + place) % 500 end, at, at
     from burst, generate_series(1, $4) as place`,
    [BEGIN, STEP, ROWS / BURST, BURST],
  );
  await runs.query('analyze projection.targets');
  const rows = await database.query<{ id: string }>(
    'select id from projection.targets tablesample system (1) repeatable (7) limit 1000',
  );
  someIds = rows.map(({ id }) => id);
  reader = await database.admin.connect();
  await reader.query('set role destroyer');
}, 120_000);

afterAll(async () => {
  reader.release();
  await database.drop();
});

const conditions: Record<string, Partial<TargetFilter>> = {
  'from criticality 5': { minCriticality: 5 },
  'up to criticality 9': { maxCriticality: 9 },
  'criticality 10 alone': { minCriticality: 10 },
  'from a time': { createdFrom: new Date(time(0.9)) },
  'before a time': { createdBefore: new Date(time(0.1)) },
  'within a day': { createdFrom: new Date(time(0.5)), createdBefore: new Date(time(0.505)) },
  'of a source': { source: 'probe-7' },
  'of no source': { source: '' },
  'of a source that is nobody': { source: 'nobody' },
  'of ids': { ids: [] },
};

/** Every combination of one condition of each kind. */
const filters = product(
  ['', 'from criticality 5', 'up to criticality 9', 'criticality 10 alone'],
  ['', 'from a time', 'before a time', 'within a day'],
  ['', 'of a source', 'of no source', 'of a source that is nobody'],
  ['', 'of ids'],
);

describe('on a million rows', () => {
  it.each(['force_custom_plan', 'force_generic_plan'])(
    'every filter, in both orders, reads an index no further than the page asks (%s)',
    async (mode) => {
      await reader.query(`set plan_cache_mode = ${mode}`);
      for (const names of filters) {
        for (const order of ['newest', 'oldest'] as const) {
          for (const after of [undefined, lowestUlid(time(0.45))]) {
            const limit = bounds.pageSize.default + 1;
            const plan = await explain(listQuery(filterOf(names), order, after, limit));
            const scans = executedScans(plan);
            const most = names.includes('of ids') ? someIds.length : 11 * limit;
            const context = `${names.join(', ')} ${order} ${after ?? ''}`;
            expect([context, scans.filter(({ index }) => index === undefined)]).toEqual([context, []]);
            const read = scans.reduce((sum, { rows }) => sum + rows, 0);
            expect([context, read <= most]).toEqual([context, true]);
          }
        }
      }
    },
    60_000,
  );

  it('a time range leaves other months alone', async () => {
    for (const names of [['within a day'], ['within a day', 'from criticality 5'], ['within a day', 'of a source']]) {
      const plan = await explain(listQuery(filterOf(names), 'newest', undefined, 101));
      const months = new Set(executedScans(plan).map(({ relation }) => relation));
      expect([...months]).toEqual(['targets_2026_04']);
    }
  });
});

describe('on a million rows, a watch', () => {
  it.each(
    ['force_custom_plan', 'force_generic_plan'].flatMap(
      (mode) =>
        [
          [mode, feedAfter],
          [mode, feedAfterHere],
          [mode, feedBetween],
        ] as const,
    ),
  )('reads an index no further than it needs (%s, %p)', async (mode, statement) => {
    await reader.query(`set plan_cache_mode = ${mode}`);
    const [row] = await database.query<{ storedIn: string; id: string }>(
      `select stored_in::text as "storedIn", id from projection.targets where id > $1 order by id limit 1`,
      [lowestUlid(time(0.5))],
    );
    const place = [row?.storedIn, row?.id];
    const values = statement === feedBetween ? [...place, '9223372036854775807', ''] : place;
    const plan = await explain({ statement, values });
    const scans = executedScans(plan);
    expect(scans.filter(({ index }) => index === undefined)).toEqual([]);
    // The first row of each partition is looked at, to learn which comes first.
    expect(scans.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(FEED_ROWS + 50);
  });
});

function filterOf(names: readonly string[]) {
  const merged = Object.assign({}, ...names.map((name) => conditions[name])) as Partial<TargetFilter>;
  const ids = names.includes('of ids') ? someIds : [];
  return parseFilter(TargetFilter.fromPartial({ ...merged, ids }), new Violations());
}

/** Runs the statement as it is prepared in the service, and gives back what was done. */
async function explain({ statement, values }: Query): Promise<Plan> {
  await reader.query(`prepare listing as ${statement.text}`);
  try {
    const { rows } = await reader.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) execute listing (${values.map(literal).join(', ')})`,
    );
    return rows[0]?.['QUERY PLAN'][0].Plan ?? {};
  } finally {
    await reader.query('deallocate listing');
  }
}

function literal(value: unknown): string {
  if (Array.isArray(value)) {
    return `'{${value.join(',')}}'`;
  }
  return value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value as string}'`;
}

function product(...lists: string[][]): string[][] {
  return lists.reduce<string[][]>(
    (made, list) => made.flatMap((names) => list.map((name) => (name === '' ? names : [...names, name]))),
    [[]],
  );
}
