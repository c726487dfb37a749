import { byteaArray, int2Array, textArray, timestamptzArray, type Transaction } from '@emitter/kit';
import type { AcquiredTarget } from '@emitter/proto';
import type { Failure } from '../failed-events';
import type { StorableEvent } from './prepare';
import { statements } from './statements';

/** Few enough that a statement stays far below the time a query may take. */
const TARGETS_PER_STATEMENT = 4_096;

/** What came of writing events. */
export interface StoreResult {
  readonly storedEvents: number;
  readonly storedTargets: number;
  /** Events that were there already, with the same content. */
  readonly duplicates: number;
  readonly failures: readonly Failure[];
}

/** Nothing was written. */
export const nothingStored: StoreResult = { storedEvents: 0, storedTargets: 0, duplicates: 0, failures: [] };

/** Two results as one. */
export function addResults(one: StoreResult, other: StoreResult): StoreResult {
  return {
    storedEvents: one.storedEvents + other.storedEvents,
    storedTargets: one.storedTargets + other.storedTargets,
    duplicates: one.duplicates + other.duplicates,
    failures: [...one.failures, ...other.failures],
  };
}

/**
 * Writes events, each whole or not at all, and finds those that are there already. The row of an event's first target
 * stands for the event: who inserts it stores the event, and its content hash settles every later one of that id.
 * @throws what the database throws; then nothing of these events is in the transaction
 */
export async function storeEvents(tx: Transaction, events: readonly StorableEvent[]): Promise<StoreResult> {
  if (events.length === 0) {
    return nothingStored;
  }
  const candidates = firstOfEachId(events);
  const present = await insertFirstTargets(tx, [...candidates.values()]);
  const stored = [...candidates.values()].filter((event) => !present.has(event.event.id));
  await insertFurtherTargets(tx, stored);

  const hashes = await storedHashes(tx, [...present.values()]);
  const failures: Failure[] = [];
  let duplicates = 0;
  for (const event of events) {
    const { id } = event.event;
    const winner = present.has(id) ? hashes.get(firstTarget(event).id) : candidates.get(id)?.hash;
    if (winner?.equals(event.hash) !== true) {
      failures.push(conflict(event));
    } else if (present.has(id) || candidates.get(id) !== event) {
      duplicates++;
    }
  }
  const storedTargets = stored.reduce((sum, { event }) => sum + event.targets.length, 0);
  return { storedEvents: stored.length, storedTargets, duplicates, failures };
}

/** In the order of id: two instances that store the same events take their locks in the same order. */
function firstOfEachId(events: readonly StorableEvent[]): Map<string, StorableEvent> {
  const first = new Map<string, StorableEvent>();
  for (const event of events) {
    if (!first.has(event.event.id)) {
      first.set(event.event.id, event);
    }
  }
  return new Map([...first].sort(([, a], [, b]) => (firstTarget(a).id < firstTarget(b).id ? -1 : 1)));
}

/** @returns by event id, the events that were there already */
async function insertFirstTargets(
  tx: Transaction,
  events: readonly StorableEvent[],
): Promise<Map<string, StorableEvent>> {
  const targets = events.map(firstTarget);
  const rows = await tx.query<{ id: string }>(statements.insertFirstTargets, [
    ...columns(
      targets,
      events.map(({ event }) => event.createdOn),
    ),
    byteaArray(events.map(({ hash }) => hash)),
  ]);
  const ids = new Set(rows.map(({ id }) => id));
  return new Map(events.filter((event) => ids.has(firstTarget(event).id)).map((event) => [event.event.id, event]));
}

async function insertFurtherTargets(tx: Transaction, events: readonly StorableEvent[]): Promise<void> {
  const targets: AcquiredTarget[] = [];
  const times: Date[] = [];
  for (const { event } of events) {
    for (const target of event.targets.slice(1)) {
      targets.push(target);
      times.push(event.createdOn);
    }
  }
  for (let from = 0; from < targets.length; from += TARGETS_PER_STATEMENT) {
    const to = from + TARGETS_PER_STATEMENT;
    await tx.query(statements.insertFurtherTargets, columns(targets.slice(from, to), times.slice(from, to)));
  }
}

/** @returns by id of the first target, the hash of what is stored */
async function storedHashes(tx: Transaction, events: readonly StorableEvent[]): Promise<Map<string, Buffer>> {
  if (events.length === 0) {
    return new Map();
  }
  const ids = textArray(events.map((event) => firstTarget(event).id));
  const rows = await tx.query<{ id: string; content_hash: Buffer }>(statements.storedHashes, [ids]);
  return new Map(rows.map((row) => [row.id, row.content_hash]));
}

function columns(targets: readonly AcquiredTarget[], times: readonly Date[]): Buffer[] {
  return [
    textArray(targets.map(({ id }) => id)),
    textArray(targets.map(({ message }) => message)),
    int2Array(targets.map(({ criticality }) => criticality)),
    textArray(targets.map(({ source }) => source)),
    timestamptzArray(times),
  ];
}

function firstTarget({ event }: StorableEvent): AcquiredTarget {
  const [first] = event.targets;
  if (first === undefined) {
    throw new RangeError(`event ${event.id} has no targets, which decoding does not let through`);
  }
  return first;
}

function conflict({ recorded }: StorableEvent): Failure {
  const error = 'the id is stored with other targets; the first ones stay';
  return { event: recorded, reason: 'REQUEST_ID_CONFLICT', error };
}
