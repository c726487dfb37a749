import type { Statement } from '@emitter/kit';
import { TARGET_COLUMNS, type TargetRow } from '../target';

/** Rows that one read of the feed takes. */
export const FEED_ROWS = 500;

/** A target and the transaction that stored it. */
export interface FeedRow extends TargetRow {
  readonly storedIn: string;
}

/** A row that the feed's statements give: always at least one, without a target when there is none. */
export type FeedAnswer = { readonly hidden: boolean } & (FeedRow | { readonly storedIn: null });

/** Below the oldest transaction still running, in whatever database of the server. Costs nothing to ask. */
const OLDEST_RUNNING = 'select pg_snapshot_xmin(pg_current_snapshot()) as transaction';

/** Running transactions of other databases: their locks, held as long as they run, say whose they are. */
const OF_OTHERS = `
  select lock.transactionid from pg_locks as lock join pg_stat_activity as holder using (pid)
  where lock.locktype = 'transactionid' and lock.mode = 'ExclusiveLock' and lock.granted
    and holder.datname <> current_database()`;

/** Below the oldest one still running, those left out that cannot store a target since they are of other databases. */
function oldestRunningExcept(others: string): string {
  return `
    select coalesce(
      (
        select running from pg_snapshot_xip(pg_current_snapshot()) as running
        where running::xid not in (${others})
        order by running limit 1
      ),
      -- A standby's snapshots do not list what runs, and know only the oldest of it.
      case when pg_is_in_recovery() then pg_snapshot_xmin(pg_current_snapshot()) end,
      pg_snapshot_xmax(pg_current_snapshot())
    ) as transaction`;
}

/**
 * Looks at the locks after its snapshot was taken: a transaction of another database that ends in between holds this
 * up as if it were of this one. Who reads on only looks again.
 */
const OLDEST_RUNNING_HERE = oldestRunningExcept(OF_OTHERS);

/** What was stored after a place and up to a horizon, and whether rows are stored that the horizon still hides. */
function feedBelow(horizon: string): string {
  return `
    with horizon as materialized (${horizon})
    select
      coalesce(
        -- The newest row by the index: asked with exists, it may read the whole table to find none.
        (select t.stored_in from query.targets t order by t.stored_in desc, t.id desc limit 1)
          >= (select transaction from horizon),
        false
      ) as hidden,
      fed.*
    from (select) as always left join lateral (
      select t.stored_in::text as "storedIn", ${TARGET_COLUMNS} from query.targets t
      where (t.stored_in, t.id) > ($1::xid8, $2::text) and t.stored_in < (select transaction from horizon)
      order by t.stored_in, t.id limit ${FEED_ROWS}
    ) as fed on true`;
}

/**
 * What comes after a place, in the order in which it became visible. Below the horizon nothing new can appear, so
 * nothing is ever stepped over. One statement, so one snapshot decides both.
 */
export const feedAfter: Statement = { name: 'watch-feed-after', text: feedBelow(OLDEST_RUNNING) };

/** The same past long transactions of other databases; looks into the server's locks, so only when it must. */
export const feedAfterHere: Statement = { name: 'watch-feed-after-here', text: feedBelow(OLDEST_RUNNING_HERE) };

/** What stands after a place, up to another that the feed has passed: there nothing new can appear any more. */
export const feedBetween: Statement = {
  name: 'watch-feed-between',
  text: `
    select t.stored_in::text as "storedIn", ${TARGET_COLUMNS} from query.targets t
    where (t.stored_in, t.id) > ($1::xid8, $2::text) and (t.stored_in, t.id) <= ($3::xid8, $4::text)
    order by t.stored_in, t.id limit ${FEED_ROWS}`,
};

/** What `horizon` is to leave out. Asked before it, in a statement of its own, so that its snapshot is the later. */
export const ofOthers: Statement = {
  name: 'watch-of-others',
  text: `select transactionid::text as transaction from (${OF_OTHERS}) as of_others`,
};

/** The horizon itself: where a watch from now on begins. */
export const horizon: Statement = {
  name: 'watch-horizon',
  text: `
    select transaction::text as "storedIn"
    from (${oldestRunningExcept('select unnest($1::text[])::xid')}) as horizon`,
};
