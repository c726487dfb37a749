export { appendBacklog } from './backlog';
export { countRows, createCopyTable, timedCopy } from './copy-table';
export { watchDraining, type Drained } from './progress';
export { oneTargetEvents, rowChunks, type OneTargetEvent } from './rows';
