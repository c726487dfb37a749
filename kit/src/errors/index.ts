export { cannotListen } from './cannot-listen';
export { errorCodes, type ErrorCode, type ErrorCodeEntry } from './codes';
export { EmitterError, invalidArgument, toEmitterError, type ErrorDetails, type FieldViolation } from './emitter-error';
export { errorReference } from './reference';
