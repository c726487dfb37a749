import { status as grpcStatus } from '@grpc/grpc-js';
import { errorCodes, type EmitterError } from '../errors';
import { traceFields, type Logger } from '../logging';
import type { Metrics } from '../metrics';
import type { OpenCall } from './open-call';

/** Hears how calls end, for logs and metrics. */
export interface CallObserver {
  /** A call's status is decided; no error means OK. */
  ended(call: OpenCall, error?: EmitterError): void;
  /** A call was refused before it began. */
  refused(method: string, error: EmitterError): void;
}

/** One line for each method and status in this time: a flood of failures must not become one of logs. */
const LOG_EVERY_MS = 1_000;

/**
 * Counts calls by method and status, and logs the ones that failed: INTERNAL as error with its cause, what a caller
 * may try again as warning, what the caller did wrong as info, success only at debug. Never a payload.
 */
export function createCallObserver(logger: Logger, metrics: Metrics): CallObserver {
  const durations = metrics.histogram({
    name: 'emitter_grpc_call_duration_seconds',
    help: 'Seconds until the status of a gRPC call was decided, by method and status.',
    labelNames: ['method', 'code'],
  });
  const series = new Map<string, Observe[]>();
  const logged = new Map<string, { nextOn: number; left: number }>();

  function observe(method: string, code: number, seconds: number): void {
    let ofMethod = series.get(method);
    if (ofMethod === undefined) {
      ofMethod = [];
      series.set(method, ofMethod);
    }
    // Looking the labels up for each call costs more than the rest.
    ofMethod[code] ??= durations.labels({ method, code: grpcStatus[code] ?? String(code) });
    ofMethod[code].observe(seconds);
  }

  function log(method: string, error: EmitterError, seconds: number, call?: OpenCall): void {
    const key = `${method} ${error.code}`;
    const now = Date.now();
    const last = logged.get(key);
    if (last !== undefined && now < last.nextOn) {
      last.left++;
      return;
    }
    logged.set(key, { nextOn: now + LOG_EVERY_MS, left: 0 });
    const level = levelOf(error);
    logger[level](
      {
        rpc: { method, code: errorCodes[error.code].grpc },
        event: { duration: Math.round(seconds * 1e9) }, // ECS: nanoseconds
        ...(call === undefined ? {} : { client: { address: call.peer }, ...traceFields(call.traceparent) }),
        ...(last !== undefined && last.left > 0 ? { notLogged: last.left } : {}),
        // The stack of an error that is an answer says nothing; of one of ours, everything.
        ...(level === 'info' ? { error: { code: error.code } } : { err: error }),
      },
      `call failed: ${error.message}`,
    );
  }

  return {
    ended(call, error) {
      const seconds = (performance.now() - call.startedAt) / 1_000;
      if (error === undefined) {
        observe(call.method, grpcStatus.OK, seconds);
        if (logger.isLevelEnabled('debug')) {
          logger.debug(
            { rpc: { method: call.method, code: 'OK' }, event: { duration: Math.round(seconds * 1e9) } },
            'call',
          );
        }
        return;
      }
      observe(call.method, grpcStatus[errorCodes[error.code].grpc], seconds);
      log(call.method, error, seconds, call);
    },
    refused(method, error) {
      observe(method, grpcStatus[errorCodes[error.code].grpc], 0);
      log(method, error, 0);
    },
  };
}

interface Observe {
  observe(seconds: number): void;
}

function levelOf(error: EmitterError): 'error' | 'warn' | 'info' {
  if (error.code === 'INTERNAL') {
    return 'error';
  }
  return errorCodes[error.code].retryable ? 'warn' : 'info';
}
