import type { Http2Stream } from 'node:http2';

/**
 * The one place that reaches into grpc-js, for what it has no public way to do: to reset a single call. Its own
 * way to end a call queues the status behind data that a client which does not read never takes, for ever.
 * What is not there is passed over; test/grpc-*.int.spec.ts fail when a version of grpc-js moves it.
 */
interface SurfaceCall {
  readonly call?: unknown;
}

interface TransportCall {
  readonly stream?: Http2Stream;
  readonly cancelled?: boolean;
}

/** The call of the transport under the one that a handler gets: what an interceptor was given. */
export function transportCallOf(surfaceCall: object): object {
  const { call } = surfaceCall as SurfaceCall;
  return typeof call === 'object' && call !== null ? call : surfaceCall;
}

/** Ends a call with an HTTP/2 RST_STREAM of this code and lets go of what was still to be sent. */
export function resetCall(transportCall: object, code: number): void {
  (transportCall as TransportCall).stream?.close(code);
}

/** Whether nothing can come of the call any more. */
export function isOver(transportCall: object): boolean {
  const { stream, cancelled } = transportCall as TransportCall;
  return cancelled === true || stream?.destroyed === true || stream?.closed === true || stream?.aborted === true;
}
