import { bounds, range } from '../bounds';
import { textProblem } from '../text';
import { isUlid, targetId, ulidTime } from '../identity';
import { TARGETS_ACQUIRED, type AcquiredTarget, type TargetsAcquiredEvent } from './targets-acquired';

/** A payload that is not the event it should be. The message names the field and what is wrong with it. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
  constructor(
    /** The path of the field, as in the JSON: `data[3].message`; empty for the whole payload. */
    readonly field: string,
    problem: string,
  ) {
    super(field === '' ? problem : `${field} ${problem}`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads an event from the log's bytes. Unknown fields are passed over and missing ones that have a
 * default get it, so that an event of a newer or an older schema version is read.
 * @throws PayloadError when the bytes are not a valid event, its identity included: the ids of the targets
 * must be those that the event's id gives.
 */
export function decodeTargetsAcquired(payload: Uint8Array): TargetsAcquiredEvent {
  const event = object('', parse(payload));
  const id = event.id;
  if (typeof id !== 'string' || !isUlid(id)) {
    throw new PayloadError('id', 'must be a ULID');
  }
  if (event.name !== TARGETS_ACQUIRED) {
    throw new PayloadError('name', `must be ${TARGETS_ACQUIRED}`);
  }
  const createdOn = new Date(ulidTime(id));
  if (event.createdOn !== createdOn.toISOString()) {
    throw new PayloadError('createdOn', "must be the time inside the event's id");
  }
  const data = event.data;
  if (!Array.isArray(data) || data.length < bounds.targets.min || data.length > bounds.targets.max) {
    throw new PayloadError('data', `must hold ${range(bounds.targets)} targets`);
  }
  return { id, createdOn, targets: data.map((value: unknown, place) => target(id, value, place)) };
}

function parse(payload: Uint8Array): unknown {
  if (payload.byteLength > bounds.eventBytes.max) {
    throw new PayloadError('', `the payload must be at most ${String(bounds.eventBytes.max)} bytes`);
  }
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
    throw new PayloadError('', 'the payload must be UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the payload, which must not reach a log.
    throw new PayloadError('', 'the payload must be JSON');
  }
}

function target(eventId: string, value: unknown, place: number): AcquiredTarget {
  const path = `data[${String(place)}]`;
  const fields = object(path, value);
  const id = fields.id;
  if (id !== targetId(eventId, place)) {
    throw new PayloadError(`${path}.id`, "must be the id that the event's id gives");
  }
  const criticality = fields.criticality ?? 0;
  if (
    typeof criticality !== 'number' ||
    !Number.isInteger(criticality) ||
    criticality < bounds.criticality.min ||
    criticality > bounds.criticality.max
  ) {
    throw new PayloadError(`${path}.criticality`, `must be a whole number, ${range(bounds.criticality)}`);
  }
  return {
    id,
    message: text(`${path}.message`, fields.message, bounds.message),
    criticality,
    source: text(`${path}.source`, fields.source ?? '', bounds.source),
  };
}

function object(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PayloadError(path, path === '' ? 'the payload must be a JSON object' : 'must be an object');
  }
  return value as Record<string, unknown>;
}

function text(path: string, value: unknown, bound: { min: number; max: number }): string {
  const problem = typeof value === 'string' ? textProblem(value, bound) : 'must be text';
  if (problem !== undefined) {
    throw new PayloadError(path, problem);
  }
  return value as string;
}
