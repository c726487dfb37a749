import { summary, type DependencyStatus } from '@emitter/kit';
import type { Queries } from './read-page';
import { statements } from './statements';

/** What a service does with the log: its rights are checked by doing that. */
export type Role = 'publisher' | 'subscriber' | 'operator';

/** Asks the log whether a service can do its work, by a round trip that needs the rights of that work. */
export async function checkLog(queries: Queries, role: Role, timeoutMs: number): Promise<DependencyStatus> {
  const began = performance.now();
  const statement = role === 'publisher' ? statements.checkPublisher : statements.checkSubscriber;
  const problem = await queries
    .query<{ read_only: boolean }>(statement, undefined, { timeoutMs })
    .then(([row]) => (row?.read_only === false ? undefined : 'is read-only'), summary);
  const latencyMs = performance.now() - began;
  return problem === undefined ? { up: true, latencyMs } : { up: false, latencyMs, error: `the event log ${problem}` };
}
