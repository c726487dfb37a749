import type { Logger } from '../logging';
import { stopInOrder, type RunningService, type StopStep } from './running-service';
import { exitCodes, type ListeningMessage, type ServicePorts, type ServiceProcess } from './service-process';

export interface RunServiceOptions {
  readonly logger: Logger;
  /** How long a stop may take, in milliseconds. */
  readonly shutdownTimeoutMs: number;
  /** Starts the service; the signal aborts when it is to stop before it has started. */
  readonly start: (stopped: AbortSignal) => Promise<RunningService>;
  /** Node's `process` unless given. */
  readonly process?: ServiceProcess;
}

/**
 * Runs a service from its start to the end of the process; resolves with the exit code, for tests.
 *
 * - starting: `start` is under way. It resolves: running. It rejects: the log says why, exit 1. A stop is asked for: the
 *   signal given to `start` aborts; what it still returns is stopped in order, and its rejection is no failure.
 * - running: until SIGTERM, SIGINT, or the parent at the other end of the IPC channel is gone: stopping.
 * - stopping: not ready, drain, close, exit 0. A step that fails is logged, the others follow, exit 1. When the time
 *   allowed runs out, the log says what is left, exit 1. A second signal n exits at once with 128 + n.
 * - exited: nothing more is done, whatever happens.
 *
 * An exception that nobody caught, or a rejection, is a mistake in the program, in whatever state: the log has it, exit 1
 * at once, since nothing is known of what still holds.
 */
export function runService(options: RunServiceOptions): Promise<number> {
  const { logger, shutdownTimeoutMs } = options;
  const own: ServiceProcess = options.process ?? process;
  const stop = new AbortController();
  let service: RunningService | undefined;
  let step: 'start' | 'run' | StopStep = 'start';
  let timer: NodeJS.Timeout | undefined;
  let exited = false;

  return new Promise((resolve) => {
    const listeners: Readonly<Record<string, (...args: unknown[]) => void>> = {
      SIGTERM: () => onSignal('SIGTERM'),
      SIGINT: () => onSignal('SIGINT'),
      uncaughtException: (err: unknown) => crash(err, 'an exception was not caught'),
      unhandledRejection: (err: unknown) => crash(err, 'a rejection was not handled'),
      disconnect: () => requestStop('the parent process is gone'),
    };

    const exit = (code: number) => {
      // A step that ends late finds the end decided.
      if (exited) {
        return;
      }
      exited = true;
      clearTimeout(timer);
      Object.entries(listeners).forEach(([event, listener]) => own.off(event, listener));
      resolve(code);
      own.exit(code);
    };

    const crash = (err: unknown, what: string) => {
      logger.fatal({ err }, what);
      exit(exitCodes.failed);
    };

    const onSignal = (signal: 'SIGTERM' | 'SIGINT') => {
      if (stop.signal.aborted) {
        logger.warn({ step }, `${signal} again: ending at once`);
        exit(exitCodes[signal]);
      } else {
        requestStop(signal);
      }
    };

    const requestStop = (reason: string) => {
      if (stop.signal.aborted) {
        return;
      }
      logger.info({ reason, step }, 'stopping');
      timer = setTimeout(() => {
        logger.error({ step, pending: service?.pending?.() ?? [] }, `not stopped within ${shutdownTimeoutMs} ms`);
        exit(exitCodes.failed);
      }, shutdownTimeoutMs);
      stop.abort();
      if (service !== undefined) {
        void stopService(service);
      }
    };

    const stopService = async (running: RunningService) => {
      const orderly = await stopInOrder(running, logger, (next) => (step = next));
      logger.info('stopped');
      exit(orderly ? exitCodes.stopped : exitCodes.failed);
    };

    Object.entries(listeners).forEach(([event, listener]) => own.on(event, listener));
    start(options, stop.signal).then(
      (started) => {
        service = started;
        if (stop.signal.aborted) {
          void stopService(started);
        } else {
          step = 'run';
          announce(started.ports ?? {}, logger, own);
        }
      },
      (err: unknown) => {
        if (stop.signal.aborted) {
          logger.info({ err }, 'stopped before it had started');
          exit(exitCodes.stopped);
        } else {
          crash(err, 'cannot start');
        }
      },
    );
  });
}

/** A `start` that throws before its first await is a rejection as well. */
async function start(options: RunServiceOptions, stopped: AbortSignal): Promise<RunningService> {
  return options.start(stopped);
}

function announce(ports: ServicePorts, logger: Logger, own: ServiceProcess): void {
  logger.info({ ports }, 'listening');
  const message: ListeningMessage = { kind: 'listening', ports };
  // A parent that left in the meantime is heard of by 'disconnect'.
  own.send?.(message, undefined, undefined, () => undefined);
}
