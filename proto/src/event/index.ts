export { decodeTargetsAcquired, PayloadError } from './decode';
export { encodeTargetsAcquired } from './encode';
export { TARGETS_ACQUIRED, targetsAcquired, type AcquiredTarget, type TargetsAcquiredEvent } from './targets-acquired';
