import { processUsage } from '../host';
import type { LoadGenerator, LoadJob, LoadResult } from '../processes';

/** A round of load, and what it cost the server. */
export interface LoadRound extends LoadResult {
  /** CPU time of the server process during the round, in seconds. */
  readonly serverCpuSeconds: number;
  readonly callsPerCpuSecond: number;
}

/** Runs a job and reads the server's CPU time before and after it. */
export async function loadRound(generator: LoadGenerator, serverPid: number, job: LoadJob): Promise<LoadRound> {
  const before = processUsage(serverPid).cpuSeconds;
  const result = await generator.run(job);
  const serverCpuSeconds = processUsage(serverPid).cpuSeconds - before;
  return { ...result, serverCpuSeconds, callsPerCpuSecond: result.acknowledged / serverCpuSeconds };
}
