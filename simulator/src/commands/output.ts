import type { Writable } from 'node:stream';

/** The reader of an output went away, as `| head` does: nothing is wrong, and nothing more is to be said. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/**
 * Writes the pieces, each once the one before has left, so that a slow reader of a long list costs no memory.
 * @throws OutputClosed when the reader has left
 */
export async function writeAll(output: Writable, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
  // The same failure comes to the write's callback; without a listener it would end the process.
  const ignore = (): void => undefined;
  output.on('error', ignore);
  try {
    for await (const piece of pieces) {
      await write(output, piece);
    }
  } catch (error) {
    throw isBrokenPipe(error) ? new OutputClosed('the reader has left', { cause: error }) : error;
  } finally {
    output.off('error', ignore);
  }
}

function write(output: Writable, piece: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

function isBrokenPipe(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
