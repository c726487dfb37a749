import type { Attachment, AttachmentContext } from './connection/attachment';
import type { MemoryLimit } from './producer/room';

/** What producers, consumers and readers share with the client that made them. @internal */
export interface ClientContext extends AttachmentContext {
  readonly memory: MemoryLimit;
  readonly partitionsUpdateMs: number;
  /** How long a producer that is closed waits for receipts. */
  readonly closeTimeoutMs: number;
  /** All that is attached or about to be. */
  readonly attachments: Set<Attachment>;
  /** All that has to be closed with the client. */
  readonly members: Set<{ close(): Promise<null> }>;
  log(level: 'WARN' | 'ERROR', message: string): void;
  nextProducerId(): number;
  nextConsumerId(): number;
}
