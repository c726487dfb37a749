export { connectEmitter, type ConnectOptions } from './connect';
export type { Acquired, Acquisition, CallBounds, EmitterClient, ListQuery, Page, WatchQuery } from './emitter-client';
export { isNotDestroyer, isUnreachable } from './no-answer';
