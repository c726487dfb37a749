import { join } from 'node:path';
import { sqlFile, type Postgres } from '@emitter/kit';
import { monthOf, runsOf, startOfMonth, type Month } from './month';

const folder = join(__dirname, '../../sql/partitions');
const statements = { ensure: sqlFile(folder, 'ensure.sql'), dropBefore: sqlFile(folder, 'drop-before.sql') };

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How far from now a partition is made; the database's own limits are a little wider, for clocks that differ. */
const OLDEST_MS = 10 * 365 * DAY_MS;
const NEWEST_MS = 365 * DAY_MS;

/** The monthly partitions of `projection.targets`, as one process knows them. */
export interface Partitions {
  /** Whether a partition may exist for this time (milliseconds since 1970). */
  mayHold(time: number): boolean;
  /** Makes what is missing for these times, all of which must be ones that it may hold. */
  ensureFor(times: Iterable<number>): Promise<void>;
  /** Makes this month and the ones ahead, so that no batch waits for a partition when a month begins. */
  ensureAhead(): Promise<void>;
  /** Drops months that ended before this time. @returns how many */
  dropBefore(time: number): Promise<number>;
  /** Forgets what it knows to exist: somebody else may have dropped it. */
  forget(): void;
}

/** @param monthsAhead - how many months beyond this one are made in advance */
export function createPartitions(postgres: Postgres, now: () => number, monthsAhead = 3): Partitions {
  const known = new Set<Month>();

  async function ensure(months: Iterable<Month>): Promise<void> {
    for (const [first, last] of runsOf(months)) {
      await postgres.query(statements.ensure, [startOfMonth(first), startOfMonth(last)]);
      for (let month = first; month <= last; month++) {
        known.add(month);
      }
    }
  }

  return {
    mayHold: (time) => time >= now() - OLDEST_MS && time <= now() + NEWEST_MS,

    async ensureFor(times) {
      const missing = new Set<Month>();
      for (const time of times) {
        const month = monthOf(time);
        if (!known.has(month)) {
          missing.add(month);
        }
      }
      await ensure(missing);
    },

    async ensureAhead() {
      const month = monthOf(now());
      await ensure(Array.from({ length: monthsAhead + 1 }, (_, ahead) => month + ahead));
    },

    async dropBefore(time) {
      const [row] = await postgres.query<{ dropped: number }>(statements.dropBefore, [new Date(time)]);
      known.clear();
      return row?.dropped ?? 0;
    },

    forget: () => known.clear(),
  };
}
