import { hash } from 'node:crypto';
import type { NewTarget } from '../generated/emitter/v1/target';

/**
 * SHA-256 of what a caller said, 32 bytes: tells a retry (same request id, same hash) from a conflict.
 * It covers the caller's fields only, so ids, times and schema versions do not change it. A field added
 * later joins only where it is not its default, so that old retries keep their hash.
 */
export function contentHash(targets: readonly Pick<NewTarget, 'message' | 'criticality' | 'source'>[]): Buffer {
  const content = targets.map(({ message, criticality, source }) => [message, criticality, source]);
  return hash('sha256', JSON.stringify(content), 'buffer');
}
