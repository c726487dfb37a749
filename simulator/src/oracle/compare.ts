import { targetId, type NewTarget } from '@emitter/proto';

/** A request that was sent: its id, and what it said. */
export interface SentRequest {
  readonly requestId: string;
  readonly targets: readonly NewTarget[];
}

/** A target as the read model shows it. */
export interface StoredTarget {
  readonly id: string;
  readonly message: string;
  readonly criticality: number;
  readonly source: string;
}

/** An event that was set aside with its reason instead of stored. */
export interface ParkedEvent {
  readonly eventId: string;
}

/** What went in and what came out. */
export interface Evidence {
  /** Requests that were answered with OK. */
  readonly acknowledged: Iterable<SentRequest>;
  /** Requests sent, acknowledged or not. With it a stored target that nobody sent is told apart. */
  readonly sent?: Iterable<SentRequest>;
  /** Everything that the read model holds, a row each. */
  readonly stored: Iterable<StoredTarget>;
  readonly parked: Iterable<ParkedEvent>;
}

/** The verdict. Promise kept: `lost`, `doubled`, `altered`, `torn` and `foreign` are all empty. */
export interface Comparison {
  /** Ids of targets that were acknowledged and are neither stored nor parked. */
  readonly lost: readonly string[];
  /** Ids that are stored more than once, each named once. */
  readonly doubled: readonly string[];
  /** Ids that are stored with another content than was sent. */
  readonly altered: readonly string[];
  /** Ids of events of which some targets are stored and others are not. */
  readonly torn: readonly string[];
  /** Ids that are stored without having been acknowledged: allowed, their outcome was unknown to the client. */
  readonly unexpected: readonly string[];
  /** Ids that are stored and were never sent. Always empty when `sent` is not given. */
  readonly foreign: readonly string[];
  /** How many targets were acknowledged, and how many distinct ones are stored. */
  readonly acknowledgedTargets: number;
  readonly storedTargets: number;
}

/**
 * Holds what was acknowledged against what is stored and parked: acknowledged ⊆ stored or parked, and stored
 * once, whole and as it was said. Pure; a target's expected id comes from its request's id and its place.
 */
export function compare(evidence: Evidence): Comparison {
  const acknowledged = new Map<string, NewTarget>();
  const acknowledgedEvents = [...evidence.acknowledged];
  for (const { id, target } of targetsOf(acknowledgedEvents)) {
    acknowledged.set(id, target);
  }
  const sentEvents = evidence.sent === undefined ? undefined : [...evidence.sent];
  const known = new Map(acknowledged);
  for (const { id, target } of targetsOf(sentEvents ?? [])) {
    known.set(id, target);
  }

  const stored = new Set<string>();
  const doubled = new Set<string>();
  const altered = new Set<string>();
  const unexpected = new Set<string>();
  const foreign = new Set<string>();
  for (const row of evidence.stored) {
    if (stored.has(row.id)) {
      doubled.add(row.id);
    }
    stored.add(row.id);
    const said = known.get(row.id);
    if (said !== undefined && !sameContent(said, row)) {
      altered.add(row.id);
    }
    if (!acknowledged.has(row.id)) {
      (said === undefined && sentEvents !== undefined ? foreign : unexpected).add(row.id);
    }
  }

  const parked = new Set(Array.from(evidence.parked, ({ eventId }) => eventId));
  return {
    lost: acknowledgedEvents
      .filter(({ requestId }) => !parked.has(requestId))
      .flatMap((request) => idsOf(request).filter((id) => !stored.has(id))),
    doubled: [...doubled],
    altered: [...altered],
    torn: uniqueEvents([...acknowledgedEvents, ...(sentEvents ?? [])])
      .filter((request) => {
        const there = idsOf(request).filter((id) => stored.has(id)).length;
        return there > 0 && there < request.targets.length;
      })
      .map(({ requestId }) => requestId),
    unexpected: [...unexpected],
    foreign: [...foreign],
    acknowledgedTargets: acknowledged.size,
    storedTargets: stored.size,
  };
}

/** Whether the promise held: nothing lost, doubled, altered, torn or foreign. */
export function promiseKept(comparison: Comparison): boolean {
  const { lost, doubled, altered, torn, foreign } = comparison;
  return [lost, doubled, altered, torn, foreign].every((broken) => broken.length === 0);
}

function* targetsOf(requests: Iterable<SentRequest>): Iterable<{ id: string; target: NewTarget }> {
  for (const { requestId, targets } of requests) {
    for (const [place, target] of targets.entries()) {
      yield { id: targetId(requestId, place), target };
    }
  }
}

function idsOf({ requestId, targets }: SentRequest): string[] {
  return targets.map((_, place) => targetId(requestId, place));
}

function uniqueEvents(requests: readonly SentRequest[]): SentRequest[] {
  return [...new Map(requests.map((request) => [request.requestId, request])).values()];
}

function sameContent(said: NewTarget, row: StoredTarget): boolean {
  return said.message === row.message && said.criticality === row.criticality && said.source === row.source;
}
