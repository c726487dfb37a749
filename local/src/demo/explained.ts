import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmitterError } from '@emitter/kit';
import { failureOf } from '../postgres/failure';
import type { TemporaryFolder } from '../postgres/temporary-folder';

/**
 * The error that ended the demo, in words that say what to do where we know better than whoever met it: a full disk
 * shows itself in many ways, and Postgres's log has the true one. Without a folder, making it is what failed.
 */
export async function explained(error: unknown, folder: TemporaryFolder | undefined): Promise<unknown> {
  if (folder === undefined) {
    return noFolder(error, tmpdir());
  }
  const { path, postgres } = folder;
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

const reasons: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EACCES: 'you may not write to it',
  EPERM: 'you may not write to it',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
};

function noFolder(error: unknown, place: string): EmitterError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  const message = `The demo needs a folder for temporary files and cannot make one in ${place}: ${why}.`;
  return new EmitterError('CONFIG_INVALID', `${message} Set TMPDIR to a folder that you may write to.`, {
    cause: error,
  });
}
