import { Type } from './commands';
import { payloadHeader } from './frame';
import { writeMetadata, type Metadata } from './metadata';
import type { Writer } from './writer';

/** What a SEND command says beside its entry. */
export interface Send {
  producerId: number;
  sequenceId: number;
  highestSequenceId?: number | undefined;
  messages: number;
}

/** The bytes to write before `payload`, so that both together are one SEND frame. */
export function sendHeader(send: Send, metadata: Metadata, payload: Uint8Array): Buffer {
  return payloadHeader(
    (to) => writeSendCommand(to, send),
    (to) => writeMetadata(to, metadata),
    payload,
  );
}

function writeSendCommand(to: Writer, send: Send): void {
  to.number(1, Type.SEND);
  to.nested(Type.SEND, () => {
    to.number(1, send.producerId);
    to.number(2, send.sequenceId);
    if (send.messages !== 1) to.number(3, send.messages);
    if (send.highestSequenceId !== undefined) to.number(6, send.highestSequenceId);
  });
}
