import { join } from 'node:path';
import { startChild } from './child';
import type { Answer, Job, ListJob, ListResult, LoadJob, LoadResult } from './load-job';

/** The load generator. Jobs go one after another. */
export interface LoadGenerator {
  run(job: LoadJob): Promise<LoadResult>;
  list(job: ListJob): Promise<ListResult>;
  stop(): Promise<void>;
}

/** Starts the load generator in a process of its own. */
export function startLoadGenerator(): LoadGenerator {
  const child = startChild(join(__dirname, 'load-generator.js'));
  async function ask(job: Job): Promise<LoadResult | ListResult> {
    const answer = (await child.ask(job)) as Answer;
    if ('failure' in answer) {
      throw new Error(`the load generator failed: ${answer.failure}`);
    }
    return answer.result;
  }
  return {
    run: async (job) => (await ask(job)) as LoadResult,
    list: async (job) => (await ask(job)) as ListResult,
    stop: () => child.stop(),
  };
}
