import { errorCodes, type EmitterError } from '@emitter/kit';
import { isNotDestroyer, isUnreachable } from '../client';

/** What a person is shown instead of a stack: what went wrong in one line, and what to do. */
export function failureText(command: string, error: EmitterError, address: string | undefined): string {
  if (error.code === 'CONFIG_INVALID') {
    return `${error.message}\n`;
  }
  const what = isNotDestroyer(error) ? error.message : `${error.code}: ${messageOf(error)}`;
  return `simulator ${command}: ${what.replaceAll(/\s+/g, ' ').trim()}\n  What to do: ${remedy(error, address)}\n`;
}

/** 2 for a mistake on the command line, as most tools have it; 1 for anything else. */
export function exitCodeOf(error: EmitterError): number {
  return error.code === 'CONFIG_INVALID' ? 2 : 1;
}

/** INTERNAL hides what it stands for from callers; one of this process is for the person at the terminal to know. */
function messageOf(error: EmitterError): string {
  const hidden = error.code === 'INTERNAL' && error.cause instanceof Error && !('metadata' in error.cause);
  return hidden ? (error.cause as Error).message : error.message;
}

function remedy(error: EmitterError, address: string | undefined): string {
  if (isNotDestroyer(error)) {
    return `name destroyer's API port with --address (its health and metrics ports are others).`;
  }
  if (isUnreachable(error) && address !== undefined) {
    return `see that destroyer runs at ${address} ("npm run demo -- --keep" starts everything), or name another address with --address.`;
  }
  if (error.code === 'DEADLINE_EXCEEDED') {
    return 'see that destroyer is well (CheckReadiness says), or give it more time with --timeout.';
  }
  return errorCodes[error.code].remedy;
}
