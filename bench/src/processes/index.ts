export { startEchoServer, type EchoServer } from './start-echo-server';
export { startLoadGenerator, type LoadGenerator } from './start-load-generator';
export type { ListJob, ListResult, LoadJob, LoadResult } from './load-job';
