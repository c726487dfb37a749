import { DependencyStatus as Status, type CheckReadinessResponse } from '@emitter/proto';
import type { Logger } from '../logging';
import type { Metrics } from '../metrics';
import type { Dependency } from './dependency';
import { watchDependency, type WatchedDependency } from './watched-dependency';

export interface ReadinessOptions {
  readonly dependencies: readonly Dependency[];
  /** From the start of one check of a dependency to the next, in milliseconds. Default: 300. */
  readonly intervalMs?: number;
  /** When a check without an answer counts as failed, in milliseconds. Default: 500. */
  readonly deadlineMs?: number;
  /** Failures in a row until a dependency counts as down. Default: 3. */
  readonly failuresUntilDown?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Hears each change of ready(). */
  readonly onChange?: (ready: boolean) => void;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** Whether the service can do its work now. */
export interface Readiness {
  /** True once every dependency has been up, while none is down, and until stopAccepting. */
  ready(): boolean;
  /** What CheckReadiness says. With the default times no dependency's part is older than a second. */
  answer(): Promise<CheckReadinessResponse>;
  /** Not ready from now on, for this reason: the service stops. */
  stopAccepting(reason: string): void;
  /** Asks no more. */
  close(): void;
}

/**
 * Asks every dependency in the background, each in a round of its own so that one that hangs delays no other. With
 * the default times a dependency that stops answering is known to be down within 300 + 3 × 500 ms.
 */
export function createReadiness(options: ReadinessOptions): Readiness {
  const {
    intervalMs = 300,
    deadlineMs = 500,
    failuresUntilDown = 3,
    logger,
    onChange,
    now = () => new Date(),
  } = options;
  const watched = options.dependencies.map((dependency) =>
    watchDependency(dependency, { deadlineMs, failuresUntilDown, now }),
  );
  const timers = new Map<WatchedDependency, NodeJS.Timeout>();
  let stopReason: string | undefined;
  let closed = false;
  let wasReady = false;

  const ready = () => stopReason === undefined && watched.every((dependency) => isUsable(dependency.status()));

  function tellChange(): void {
    const isReady = ready();
    if (isReady !== wasReady) {
      wasReady = isReady;
      logger.info(isReady ? 'ready' : `not ready: ${reason()}`);
      onChange?.(isReady);
    }
  }

  function reason(): string {
    return stopReason ?? watched.flatMap((dependency) => reasonOf(dependency)).join('; ');
  }

  async function round(dependency: WatchedDependency): Promise<void> {
    const startedAt = performance.now();
    const before = dependency.status();
    await dependency.ask();
    if (closed) {
      return;
    }
    logStatus(logger, dependency, before);
    tellChange();
    const waitMs = Math.max(0, intervalMs - (performance.now() - startedAt));
    timers.set(dependency, setTimeout(() => void round(dependency), waitMs).unref());
  }

  gaugeDependencies(options.metrics, watched, ready);
  watched.forEach((dependency) => void round(dependency));
  tellChange(); // without dependencies the service is ready at once

  return {
    ready,
    answer: () =>
      Promise.resolve({
        ready: ready(),
        reason: ready() ? '' : reason(),
        dependencies: watched.map((dependency) => dependency.answer()),
      }),
    stopAccepting(why) {
      stopReason ??= why;
      tellChange();
    },
    close() {
      closed = true;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}

function isUsable(status: Status): boolean {
  return status === Status.DEPENDENCY_STATUS_UP || status === Status.DEPENDENCY_STATUS_FAILING;
}

function reasonOf(dependency: WatchedDependency): string[] {
  if (isUsable(dependency.status())) {
    return [];
  }
  return dependency.status() === Status.DEPENDENCY_STATUS_UNSPECIFIED
    ? [`${dependency.name} has not answered yet`]
    : [`${dependency.name} is down: ${dependency.answer().lastError}`];
}

function logStatus(logger: Logger, dependency: WatchedDependency, before: Status): void {
  const status = dependency.status();
  if (status === before) {
    return;
  }
  const { name, lastError } = dependency.answer();
  if (status === Status.DEPENDENCY_STATUS_UP) {
    logger.info({ dependency: name }, `${name} is up`);
  } else {
    const how = status === Status.DEPENDENCY_STATUS_DOWN ? 'is down' : 'fails';
    logger.warn({ dependency: name }, `${name} ${how}: ${lastError}; asking on`);
  }
}

function gaugeDependencies(metrics: Metrics, watched: readonly WatchedDependency[], ready: () => boolean): void {
  metrics.gauge({
    name: 'emitter_dependency_up',
    help: '1 while a dependency answers, 0 while it does not.',
    labelNames: ['dependency'],
    collect(gauge) {
      for (const dependency of watched) {
        gauge.set({ dependency: dependency.name }, dependency.status() === Status.DEPENDENCY_STATUS_UP ? 1 : 0);
      }
    },
  });
  metrics.gauge({
    name: 'emitter_service_ready',
    help: '1 while the service is ready, 0 while it is not.',
    collect: (gauge) => gauge.set(ready() ? 1 : 0),
  });
}
