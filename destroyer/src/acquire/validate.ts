import { bounds, isUlid, range, textProblem, ulidTime, type NewTarget } from '@emitter/proto';
import { Violations } from '../violations';

/** An acquisition as a caller sends it, alone or on a stream. */
export interface AcquisitionRequest {
  /** ULID, or empty when the caller leaves it to us. */
  readonly requestId: string;
  readonly targets: readonly NewTarget[];
}

/**
 * Holds a request against its bounds.
 * @param now milliseconds since 1970: a request id's time must be of the last 24 hours.
 * @throws EmitterError INVALID_ARGUMENT that lists every field and its bound.
 */
export function validate({ requestId, targets }: AcquisitionRequest, now: number): void {
  const violations = new Violations();
  if (requestId !== '') {
    violations.addProblem('request_id', requestIdProblem(requestId, now));
  }
  if (targets.length < bounds.targets.min || targets.length > bounds.targets.max) {
    violations.add('targets', `must be ${range(bounds.targets)} targets, not ${targets.length.toLocaleString('en')}`);
  } else {
    targets.forEach((target, place) => validateTarget(target, place, violations));
  }
  violations.throwIfAny();
}

/** INVALID_ARGUMENT for an event whose targets are each within bounds, but too big together. */
export function validateEventSize(bytes: number): void {
  if (bytes > bounds.eventBytes.max) {
    const violations = new Violations();
    violations.add(
      'targets',
      `must be at most ${bounds.eventBytes.max.toLocaleString('en')} bytes together as an encoded event, ` +
        `not ${bytes.toLocaleString('en')}`,
    );
    violations.throwIfAny();
  }
}

function validateTarget({ message, criticality, source }: NewTarget, place: number, violations: Violations): void {
  const messageProblem = textProblem(message, bounds.message);
  if (messageProblem !== undefined) {
    violations.add(`targets[${place}].message`, messageProblem);
  }
  if (criticality < bounds.criticality.min || criticality > bounds.criticality.max) {
    violations.add(`targets[${place}].criticality`, `must be ${range(bounds.criticality)}`);
  }
  const sourceProblem = textProblem(source, bounds.source);
  if (sourceProblem !== undefined) {
    violations.add(`targets[${place}].source`, sourceProblem);
  }
}

function requestIdProblem(requestId: string, now: number): string | undefined {
  if (!isUlid(requestId)) {
    return 'must be a ULID: 26 characters of Crockford base 32, upper case';
  }
  const time = ulidTime(requestId);
  if (time < now - bounds.requestIdAge.max) {
    return 'must be a ULID of the last 24 hours; its time is older';
  }
  if (time > now + bounds.requestIdAhead.max) {
    return 'must be a ULID of the last 24 hours; its time is more than 60 seconds ahead';
  }
  return undefined;
}
