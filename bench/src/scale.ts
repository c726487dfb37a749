import { encodeTargetsAcquired, targetsAcquired, ulidOf } from '@emitter/proto';

/** How much a run does. */
export interface Scale {
  /** Rounds of each side; their median counts. */
  readonly rounds: number;
  /** A measured round under load, in milliseconds. */
  readonly roundMs: number;
  /** Load before the first measured round, in milliseconds. */
  readonly warmUpMs: number;
  /** Events in the backlog that deathstar works off in a round. */
  readonly backlogEvents: number;
  /** Rows in the read model that lists are measured on. */
  readonly listRows: number;
}

/** What the published figures are measured at. */
export const fullScale: Scale = {
  rounds: 5,
  roundMs: 6_000,
  warmUpMs: 5_000,
  backlogEvents: 150_000,
  listRows: 1_000_000,
};

/** A smoke run: it shows that everything works; its figures mean nothing. */
export const quickScale: Scale = {
  rounds: 1,
  roundMs: 1_000,
  warmUpMs: 300,
  backlogEvents: 2_000,
  listRows: 5_000,
};

/** Bytes of an encoded event of one target, as the design's figures have it. */
const EVENT_BYTES = 1_024;

/** ASCII characters in a message, so that an event of one target is 1 KB (1,024 bytes) on the log. */
export const messageBytes = EVENT_BYTES - envelopeBytes();

function envelopeBytes(): number {
  // The sources of random targets are probe-0 to probe-99, criticality 0 to 10; these are the usual lengths.
  const target = { message: '', criticality: 5, source: 'probe-12' };
  return encodeTargetsAcquired(targetsAcquired(ulidOf(0, new Uint8Array(10)), [target])).length;
}
