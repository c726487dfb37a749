import { contentHash, targetId, ulidOf, ulidTime, type NewTarget } from '@emitter/proto';
import { randomTargets, seededRandom } from '@emitter/simulator';

/** An event of one target, as the load generator would send it. */
export interface OneTargetEvent {
  readonly id: string;
  readonly target: NewTarget;
}

/** Events of one random target each, their ids a moment apart up to now. */
export function* oneTargetEvents(count: number, seed: number, messageBytes?: number): Generator<OneTargetEvent> {
  const random = seededRandom(seed);
  const nextTarget = randomTargets(random, messageBytes === undefined ? {} : { messageBytes });
  const from = Date.now() - Math.ceil(count / EVENTS_PER_MS);
  for (let at = 0; at < count; at++) {
    yield { id: ulidOf(from + Math.floor(at / EVENTS_PER_MS), random.bytes(10)), target: nextTarget() };
  }
}

const EVENTS_PER_MS = 20;
const CHUNK_BYTES = 64 * 1_024;

/** The columns of a row, as a COPY names them. */
export const rowColumns = 'id, message, criticality, source, created_on, updated_on, content_hash';

/** The rows that deathstar makes of the events, as COPY's text format has them, in chunks of about 64 KiB. */
export function* rowChunks(events: Iterable<OneTargetEvent>): Generator<Buffer> {
  let lines: string[] = [];
  let length = 0;
  for (const event of events) {
    const line = rowOf(event);
    lines.push(line);
    length += line.length;
    if (length >= CHUNK_BYTES) {
      yield Buffer.from(lines.join(''));
      lines = [];
      length = 0;
    }
  }
  if (lines.length > 0) {
    yield Buffer.from(lines.join(''));
  }
}

function rowOf({ id, target }: OneTargetEvent): string {
  const createdOn = new Date(ulidTime(id)).toISOString();
  // Random messages and sources hold no tab, line break or backslash, so nothing needs escaping.
  const hash = `\\\\x${contentHash([target]).toString('hex')}`;
  const { message, criticality, source } = target;
  return `${[targetId(id, 0), message, String(criticality), source, createdOn, createdOn, hash].join('\t')}\n`;
}
