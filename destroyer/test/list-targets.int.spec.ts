import * as fc from 'fast-check';
import { callUnary, type EmitterError } from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import {
  DestroyerService,
  ListTargetsRequest,
  newUlid,
  TargetFilter,
  TargetOrder,
  ulidOf,
  type ListTargetsResponse,
  type Target,
} from '@emitter/proto';
import { ensurePartitions, query, store, type StoredTarget } from './support/rows';
import { runDestroyer, ulidBits, type RunningDestroyer } from './support/run-destroyer';
import { stubEventLog } from './support/stub-event-log';

const DAY = 24 * 3_600_000;
const BEGIN = Date.now() - 60 * DAY;

let database: TestDatabase;
let running: RunningDestroyer;
let stored: StoredTarget[];

beforeAll(async () => {
  database = await createTestDatabase();
  const runs = query(database);
  await ensurePartitions(runs, BEGIN, Date.now() + DAY);
  // Few different times, so that ids share them; three months, so that pages cross partitions.
  stored = Array.from({ length: 400 }, (_, place) => ({
    id: ulidOf(BEGIN + Math.floor(place / 4) * (DAY / 2), ulidBits()),
    message: `target ${place}`,
    criticality: (place * 7) % 11,
    source: place % 3 === 0 ? '' : `probe-${place % 5}`,
  }));
  await store(runs, stored);
  running = await runDestroyer({ database, eventLog: stubEventLog() });
});

afterAll(async () => {
  await running.stop();
  await database.drop();
});

function list(request: Partial<ListTargetsRequest>, from = running): Promise<ListTargetsResponse> {
  return callUnary(from.client, DestroyerService.listTargets, ListTargetsRequest.fromPartial(request), {
    timeoutMs: 10_000,
  });
}

/** Every page of a list; the page sizes come round. */
async function listAll(request: Partial<ListTargetsRequest>, sizes: readonly number[]): Promise<Target[][]> {
  const pages: Target[][] = [];
  let pageToken = '';
  do {
    const pageSize = sizes[pages.length % sizes.length];
    const page = await list({ ...request, pageSize, pageToken });
    pages.push(page.targets);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return pages;
}

const ids = (targets: readonly { id: string }[]): string[] => targets.map(({ id }) => id);
const newest = (targets: readonly StoredTarget[]): string[] => ids(targets).sort().reverse();

describe('a list', () => {
  it('has the newest hundred when nothing is asked for, with every field', async () => {
    const { targets, nextPageToken } = await list({});
    expect(ids(targets)).toEqual(newest(stored).slice(0, 100));
    expect(nextPageToken).not.toBe('');
    const [first] = targets;
    expect(stored).toContainEqual({
      id: first?.id,
      message: first?.message,
      criticality: first?.criticality,
      source: first?.source,
    });
    expect(first?.createdOn).toEqual(first?.updatedOn);
    expect(first?.createdOn?.getTime()).toBe(BEGIN + 99 * (DAY / 2));
  });

  it('says when a target was changed', async () => {
    const [id = ''] = newest(stored);
    await database.query(`update projection.targets set updated_on = '2030-01-02T03:04:05.678Z' where id = $1`, [id]);
    const { targets } = await list({ filter: TargetFilter.fromPartial({ ids: [id] }) });
    expect(targets[0]?.updatedOn).toEqual(new Date('2030-01-02T03:04:05.678Z'));
    expect(targets[0]?.createdOn).not.toEqual(targets[0]?.updatedOn);
  });

  it('ends with an empty token, also when the last page is full', async () => {
    expect((await list({ pageSize: 400 })).nextPageToken).toBe('');
    expect(await listAll({}, [200])).toHaveLength(2);
    expect(await list({ filter: TargetFilter.fromPartial({ source: 'nobody' }) })).toEqual({
      targets: [],
      nextPageToken: '',
    });
    expect((await list({ filter: TargetFilter.fromPartial({ ids: [newUlid(1)] }) })).targets).toEqual([]);
  });

  it('shows exactly what passes the filter, each once, in order, whatever the pages', async () => {
    const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
    const time = fc.integer({ min: -2, max: 102 }).map((half) => BEGIN + half * (DAY / 2));
    const criticality = fc.tuple(fc.nat(10), fc.nat(10)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const range = fc.tuple(time, fc.integer({ min: 1, max: 50 * DAY }));
    await fc.assert(
      fc.asyncProperty(
        option(criticality),
        option(range),
        option(fc.constantFrom('', 'probe-1', 'probe-2', 'nobody')),
        option(fc.uniqueArray(fc.nat(399), { minLength: 1, maxLength: 50 })),
        fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (critical, times, source, places, sizes, oldestFirst) => {
          const wanted = new Set(places?.map((place) => stored[place]?.id ?? ''));
          const filter = TargetFilter.fromPartial({
            minCriticality: critical?.[0],
            maxCriticality: critical?.[1],
            createdFrom: times && new Date(times[0]),
            createdBefore: times && new Date(times[0] + times[1]),
            source,
            ids: [...wanted],
          });
          const pages = await listAll(
            {
              filter,
              order: oldestFirst ? TargetOrder.TARGET_ORDER_OLDEST_FIRST : TargetOrder.TARGET_ORDER_NEWEST_FIRST,
            },
            sizes,
          );
          const passing = stored.filter(
            (target) =>
              (critical === undefined || (target.criticality >= critical[0] && target.criticality <= critical[1])) &&
              (times === undefined ||
                (target.id >= ulidOf(times[0], Buffer.alloc(10)) &&
                  target.id < ulidOf(times[0] + times[1], Buffer.alloc(10)))) &&
              (source === undefined || target.source === source) &&
              (wanted.size === 0 || wanted.has(target.id)),
          );
          const expected = newest(passing);
          expect(pages.flatMap(ids)).toEqual(oldestFirst ? expected.reverse() : expected);
          pages.slice(0, -1).forEach((page, index) => expect(page).toHaveLength(sizes[index % sizes.length] ?? 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on from its token on another replica', async () => {
    const other = await runDestroyer({ database, eventLog: stubEventLog() });
    const { nextPageToken: pageToken } = await list({ pageSize: 7 });
    expect(ids((await list({ pageSize: 7, pageToken }, other)).targets)).toEqual(newest(stored).slice(7, 14));
    await other.stop();
  });

  it('refuses a token that was changed, or is of another filter or order', async () => {
    const filter = TargetFilter.fromPartial({ minCriticality: 1 });
    const { nextPageToken: pageToken } = await list({ filter, pageSize: 7 });
    const changed = (pageToken.startsWith('A') ? 'B' : 'A') + pageToken.slice(1);
    const refusal = { code: 'PAGE_TOKEN_INVALID', details: { violations: [{ field: 'page_token' }] } };
    for (const request of [
      { filter, pageToken: changed },
      { pageToken },
      { filter: TargetFilter.fromPartial({ minCriticality: 2 }), pageToken },
      { filter, pageToken, order: TargetOrder.TARGET_ORDER_OLDEST_FIRST },
    ]) {
      await expect(list(request)).rejects.toMatchObject(refusal);
    }
    // Another size is no other list.
    expect((await list({ filter, pageToken, pageSize: 9 })).targets).toHaveLength(9);
  });

  it('is stable while targets are added: what was there comes once, in order', async () => {
    const seen: Target[] = [];
    let pageToken = '';
    let added = 0;
    do {
      const page = await list({ pageSize: 50, pageToken });
      seen.push(...page.targets);
      pageToken = page.nextPageToken;
      const last = stored[(added * 37) % 400]?.id ?? '';
      // Newer than all, and in the midst of what was and will be listed.
      for (const id of [newUlid(Date.now()), last.slice(0, 20) + newUlid(1).slice(20)]) {
        await store(query(database), [{ id, message: 'added', criticality: 3, source: 'late' }]);
      }
      added++;
    } while (pageToken !== '');
    expect(ids(seen)).toEqual(newest(seen));
    expect(new Set(ids(seen)).size).toBe(seen.length);
    expect(ids(seen.filter(({ source }) => source !== 'late'))).toEqual(newest(stored));
    await database.query(`delete from projection.targets where source = 'late'`);
  });

  it('cuts a page that would be over 3 MiB, and goes on after it', async () => {
    const long = Array.from({ length: 1_500 }, (_, place) => ({
      id: ulidOf(BEGIN + place, ulidBits()),
      message: '🛰'.repeat(1_024),
      criticality: 1,
      source: 'verbose',
    }));
    await store(query(database), long);
    const request = { filter: TargetFilter.fromPartial({ source: 'verbose' }) };
    const pages = await listAll(request, [10_000]);
    expect(pages.flatMap(ids)).toEqual(newest(long));
    expect(pages).toHaveLength(3);
    expect(pages[0]?.length).toBeGreaterThan(700);
    await database.query(`delete from projection.targets where source = 'verbose'`);
  });

  it('may be as long as 10,000 targets', async () => {
    const many = Array.from({ length: 10_001 }, (_, place) => ({
      id: ulidOf(BEGIN + place, ulidBits()),
      message: 'x',
      criticality: 1,
      source: 'many',
    }));
    await store(query(database), many);
    const { targets, nextPageToken } = await list({
      filter: TargetFilter.fromPartial({ source: 'many' }),
      pageSize: 10_000,
    });
    expect(ids(targets)).toEqual(newest(many).slice(0, 10_000));
    expect(nextPageToken).not.toBe('');
    await database.query(`delete from projection.targets where source = 'many'`);
  });

  it('is refused at once when as many as may be are under way', async () => {
    const few = await runDestroyer({ database, eventLog: stubEventLog(), config: { maxLists: 1 } });
    const lock = await database.admin.connect();
    await lock.query('begin; lock table projection.targets in access exclusive mode');
    const first = list({}, few);
    const refused = await list({}, few).catch((error: unknown) => error as EmitterError);
    await lock.query('rollback');
    lock.release();
    expect(refused).toMatchObject({ code: 'OVERLOADED', details: { retryAfterMs: 200 } });
    expect((await first).targets).toHaveLength(100);
    expect((await list({}, few)).targets).toHaveLength(100);
    await few.stop();
  });
});
