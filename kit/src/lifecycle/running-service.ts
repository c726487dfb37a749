import type { Logger } from '../logging';
import type { ServicePorts } from './service-process';

/** A service that runs, and how to stop it: three steps, each begun when the one before is done. */
export interface RunningService {
  /** What it listens on: `{ api: 50051, health: 50052, metrics: 9464 }`. */
  readonly ports?: ServicePorts;
  /** Turns not ready, so that nothing new is sent here. */
  stopAccepting(): void | Promise<void>;
  /** Finishes what is under way and takes nothing new. */
  drain(): Promise<void>;
  /** Lets go of everything: connections, timers, listeners. */
  close(): Promise<void>;
  /** What is still under way, for the log when a stop runs out of time: `3 calls`. */
  pending?(): readonly string[];
}

/** A step of a stop. */
export type StopStep = 'stopAccepting' | 'drain' | 'close';

const steps: readonly StopStep[] = ['stopAccepting', 'drain', 'close'];

/**
 * Takes the steps in their order. One that fails is logged and the others follow, so that as much as possible is let go.
 *
 * @param onStep - called before each step
 * @returns whether every step succeeded
 */
export async function stopInOrder(
  service: RunningService,
  logger: Logger,
  onStep: (step: StopStep) => void,
): Promise<boolean> {
  let orderly = true;
  for (const step of steps) {
    onStep(step);
    try {
      await service[step]();
    } catch (err) {
      orderly = false;
      logger.error({ err }, `stopping: ${step} failed`);
    }
  }
  return orderly;
}
