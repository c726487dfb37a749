import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { EmitterError } from '../errors';
import type { OpenCall } from './open-call';

/** The requests of a bidirectional stream. */
export interface RequestStream extends AsyncIterable<unknown> {
  /** Wakes a reader that waits because the call is gone: it throws the reason. */
  readonly leave: (reason: EmitterError) => void;
  /** Whether the requests ended because the server drains, not because the client was done. */
  cutShort(): boolean;
}

/**
 * Reads requests one at a time as they are asked for. They end at the client's half-close, and when the server
 * drains; when the connection breaks they throw. A client on Node half-closes the stream that it is about to reset,
 * so its cancellation is an end here, and the abort of the signal comes after it. Node's own iterator over a stream would not do: leaving it destroys the stream, responses and all.
 */
export function createRequestStream(call: ServerDuplexStream<unknown, Buffer>, open: OpenCall): RequestStream {
  let ended = false;
  let cut = false;
  let wake: () => void = () => undefined;
  const { draining } = open;
  call.on('readable', () => wake());
  call.once('end', () => {
    ended = true;
    wake();
  });

  async function* read(): AsyncGenerator {
    const onDraining = () => wake();
    draining.addEventListener('abort', onDraining);
    try {
      for (;;) {
        if (open.gone !== undefined) {
          throw open.gone;
        }
        if (draining.aborted && !ended) {
          cut = true;
          return;
        }
        const message: unknown = call.read();
        if (message !== null) {
          yield message;
        } else if (ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      draining.removeEventListener('abort', onDraining);
    }
  }

  return { [Symbol.asyncIterator]: read, leave: () => wake(), cutShort: () => cut };
}
