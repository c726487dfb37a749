import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import type { EmitterError } from '../errors';
import type { OpenCall } from './open-call';
import type { ServerStream } from './service';

/** The responses of a stream, sent one by one as the client takes them. */
export function createResponseStream(
  call: ServerWritableStream<unknown, Buffer> | ServerDuplexStream<unknown, Buffer>,
  open: OpenCall,
  serialize: (response: unknown) => Buffer,
  slowConsumerMs: number,
): ServerStream<unknown> & { readonly leave: (reason: EmitterError) => void } {
  /** Messages that have not left yet, by what rejects their promise. */
  const waiting = new Set<(reason: EmitterError) => void>();

  return {
    async write(message) {
      const bytes = serialize(message);
      if (open.gone !== undefined) {
        throw open.gone;
      }
      await new Promise<void>((resolve, reject) => {
        if (waiting.size === 0) {
          open.dueOn = Date.now() + slowConsumerMs;
        }
        waiting.add(reject);
        // The callback comes when the client's flow control let the message go. It does not come at all for one
        // under way when the call ends: then `leave` rejects.
        call.write(bytes, (error?: Error | null) => {
          if (waiting.delete(reject)) {
            open.dueOn = waiting.size === 0 ? Infinity : Date.now() + slowConsumerMs;
            if (error) reject(open.reasonToLeave());
            else resolve();
          }
        });
      });
    },
    leave(reason) {
      waiting.forEach((reject) => reject(reason));
      waiting.clear();
    },
  };
}
