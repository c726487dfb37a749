import type { Client, Connection, Submittable } from 'pg';

/** The part of pg's connection that a COPY needs (PostgreSQL documentation, "Message Flow", COPY); pg's types leave it out. */
interface CopyConnection {
  readonly stream: NodeJS.EventEmitter & { readonly writableNeedDrain: boolean };
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * Runs `COPY … FROM STDIN` with the chunks as one stream, each sent when there is room for it. Resolves when the
 * server has committed. pg has the protocol but no method for it.
 */
export function copyIn(client: Client, statement: string, chunks: Iterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = chunks[Symbol.iterator]();
    const copy: Submittable & Record<string, unknown> = {
      submit: (connection: Connection) => connection.query(statement),
      handleCopyInResponse: (connection: CopyConnection) => send(connection, source),
      handleCommandComplete: () => undefined,
      handleError: (error: Error) => reject(error),
      handleReadyForQuery: () => resolve(),
    };
    client.query(copy);
  });
}

function send(connection: CopyConnection, source: Iterator<Buffer>): void {
  for (let next = source.next(); next.done !== true; next = source.next()) {
    connection.sendCopyFromChunk(next.value);
    if (connection.stream.writableNeedDrain) {
      connection.stream.once('drain', () => send(connection, source));
      return;
    }
  }
  connection.endCopyFrom();
}
