import { Metadata, type CallOptions } from '@grpc/grpc-js';
import { EmitterError } from '../../errors';

/** How a call is made. */
export interface CallSettings {
  /** How long the call may take, in milliseconds. Default: no limit but the server's. */
  readonly timeoutMs?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** The W3C traceparent to send. */
  readonly traceparent?: string;
}

/** The headers of a call. */
export function metadataOf({ traceparent }: CallSettings): Metadata {
  const metadata = new Metadata();
  if (traceparent !== undefined) {
    metadata.set('traceparent', traceparent);
  }
  return metadata;
}

/** The options of a call. */
export function optionsOf({ timeoutMs }: CallSettings): Partial<CallOptions> {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

/** Cancels the call when the signal aborts; returns what ends that. */
export function cancelOn(signal: AbortSignal | undefined, call: { cancel(): void }): () => void {
  if (signal === undefined) {
    return () => undefined;
  }
  const cancel = () => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return () => signal.removeEventListener('abort', cancel);
}

/** For a signal that aborted before the call. */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new EmitterError('CANCELLED', 'the call was cancelled before it began', { cause: signal.reason });
  }
}
