import { DependencyStatus as Status, type DependencyAnswer } from '@emitter/proto';
import { toDuration } from '../grpc/duration';
import type { Dependency, DependencyStatus } from './dependency';
import { probe } from './probe';

/**
 * A dependency that is asked over and over.
 *
 * - *unspecified*: not asked yet. The first answer makes it up or down.
 * - *up*: the last check went well. A failure makes it failing.
 * - *failing*: the last checks failed, but fewer than `failuresUntilDown` in a row. Down when there are as many.
 * - *down*: failed so often, or has never been up. From failing and down one good answer makes it up.
 */
export interface WatchedDependency {
  readonly name: string;
  /** Asks now. Late answers are left to themselves, and asked again only when they have come. */
  ask(): Promise<void>;
  status(): Status;
  answer(): DependencyAnswer;
}

export function watchDependency(
  dependency: Dependency,
  options: { deadlineMs: number; failuresUntilDown: number; now: () => Date },
): WatchedDependency {
  const { deadlineMs, failuresUntilDown, now } = options;
  let status = Status.DEPENDENCY_STATUS_UNSPECIFIED;
  let since = now();
  let latencyMs = 0;
  let lastError = '';
  let failures = 0;
  let asked: Promise<DependencyStatus> | undefined;

  function checkOnce(): Promise<DependencyStatus> {
    asked ??= dependency.check().finally(() => (asked = undefined));
    return asked;
  }

  function next(up: boolean): Status {
    if (up) {
      return Status.DEPENDENCY_STATUS_UP;
    }
    const wasUp = status === Status.DEPENDENCY_STATUS_UP || status === Status.DEPENDENCY_STATUS_FAILING;
    return wasUp && failures < failuresUntilDown ? Status.DEPENDENCY_STATUS_FAILING : Status.DEPENDENCY_STATUS_DOWN;
  }

  return {
    name: dependency.name,
    async ask() {
      let said: DependencyStatus | undefined;
      const timed = await probe(async () => {
        said = await checkOnce();
      }, deadlineMs);
      const { up, latencyMs: took, error } = said ?? timed;
      latencyMs = took;
      failures = up ? 0 : failures + 1;
      lastError = up ? lastError : (error ?? 'it does not say why');
      const then = next(up);
      if (then !== status) {
        // It has been away since its first failure, not since we had seen enough of them.
        since = status === Status.DEPENDENCY_STATUS_FAILING && !up ? since : now();
        status = then;
      }
    },
    status: () => status,
    answer: () => ({
      name: dependency.name,
      kind: dependency.kind,
      status,
      latency: toDuration(latencyMs),
      lastError,
      since,
    }),
  };
}
