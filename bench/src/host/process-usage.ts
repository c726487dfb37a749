import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessUsage {
  /** CPU time in user and kernel mode, over all its threads, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory now, in MiB. */
  readonly rssMiB: number;
  /** The most resident memory it ever had, in MiB. */
  readonly peakRssMiB: number;
}

/** Clock ticks a second in /proc: USER_HZ, 100 on every Linux that Node runs on (man 7 time). */
const TICKS_PER_SECOND = 100;

/**
 * Reads /proc (man 5 proc_pid_stat). CPU time is exact to 10 ms, so measure over seconds.
 * @throws Error when the process is gone or the machine is no Linux
 */
export function processUsage(pid: number): ProcessUsage {
  return {
    cpuSeconds: cpuSecondsOf(readFileSync(`/proc/${String(pid)}/stat`, 'utf8')),
    ...memoryOf(readFileSync(`/proc/${String(pid)}/status`, 'utf8')),
  };
}

/** The CPU time in a line of /proc/<pid>/stat. The command's name may hold blanks and brackets, so fields count from its end. */
export function cpuSecondsOf(stat: string): number {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime are fields 14 and 15; the first after the name is field 3.
  return (Number(afterName[11]) + Number(afterName[12])) / TICKS_PER_SECOND;
}

function memoryOf(status: string): Pick<ProcessUsage, 'rssMiB' | 'peakRssMiB'> {
  const mebibytes = (name: string): number => {
    const line = status.split('\n').find((candidate) => candidate.startsWith(`${name}:`)) ?? '';
    return Number(/\d+/.exec(line)?.[0] ?? NaN) / 1_024;
  };
  return { rssMiB: mebibytes('VmRSS'), peakRssMiB: mebibytes('VmHWM') };
}
