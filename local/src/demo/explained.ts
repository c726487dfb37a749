import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmitterError } from '@emitter/kit';
import { failureOf } from '../postgres/failure';
import type { TemporaryFolder } from '../postgres/temporary-folder';

/**
 * The error that ended the demo, in words that say what to do where we know better than whoever met it: a full disk
 * shows itself in many ways, and Postgres's log has the true one.
 */
export async function explained(error: unknown, { path, postgres }: TemporaryFolder): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('the disk is full')) {
    return error;
  }
  const log = await readFile(join(postgres, 'postgres.log'), 'utf8').catch(() => '');
  if (failureOf(message) !== 'disk-full' && failureOf(log) !== 'disk-full') {
    return error;
  }
  const hint = `because the disk is full: make room below ${path}, or set TMPDIR to a folder on another disk`;
  return new EmitterError('UNAVAILABLE', `The demo ended early ${hint}.\n${message}`, { cause: error });
}
