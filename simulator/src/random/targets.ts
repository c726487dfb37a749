import type { NewTarget } from '@emitter/proto';
import { bounds, range } from '@emitter/proto';
import type { Random } from './random';

/** What the messages are like. */
export interface RandomTargetOptions {
  /** ASCII characters, so bytes too, in each message: 1 to 1,024. Default: a short sentence of any length. */
  readonly messageBytes?: number;
}

const THINGS = ['asteroid', 'comet', 'dust cloud', 'freighter', 'probe', 'moon', 'battle station', 'météore'] as const;
const DOINGS = ['drifting', 'closing in', 'breaking up', 'hiding', 'signalling', 'accelerating', 'burning 🔥'] as const;
const PLACES = ['Alderaan', 'Ceres', 'Kessel', 'Scarif', 'Vesta', 'Yavin 4', 'Дантуин', '月'] as const;
const FILLER = Array.from(
  { length: 256 },
  (_, at) => `${THINGS[at % 7] ?? ''} ${DOINGS[at % 6] ?? ''} ${String(at)} `,
).join('');

/**
 * Makes targets without end: random message, criticality 0 to 10, one of a hundred sources. The same random
 * source state gives the same targets.
 * @throws RangeError when messageBytes is out of bounds
 */
export function randomTargets(random: Random, options: RandomTargetOptions = {}): () => NewTarget {
  const { messageBytes } = options;
  if (messageBytes !== undefined && (messageBytes < bounds.message.min || messageBytes > bounds.message.max)) {
    throw new RangeError(`messageBytes must be ${range(bounds.message)}, not ${String(messageBytes)}`);
  }
  return () => ({
    message: messageBytes === undefined ? sentence(random) : filler(random, messageBytes),
    criticality: random.integer(bounds.criticality.min, bounds.criticality.max),
    source: `probe-${String(random.integer(0, 99))}`,
  });
}

/** A whole number for a run that was given no seed; print it, so that the run can be repeated. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

function sentence(random: Random): string {
  return `${random.pick(THINGS)} ${random.pick(DOINGS)} near ${random.pick(PLACES)}, sector ${String(random.integer(1, 9_999))}`;
}

// A slice of a text made once: the cost of a message does not grow with its length.
function filler(random: Random, bytes: number): string {
  const start = random.integer(0, FILLER.length - bytes);
  return FILLER.slice(start, start + bytes);
}
