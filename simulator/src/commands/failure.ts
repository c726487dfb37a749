import { errorCodes, type EmitterError } from '@emitter/kit';

/** What a person is shown instead of a stack: what went wrong in one line, and what to do. */
export function failureText(command: string, error: EmitterError, address: string | undefined): string {
  if (error.code === 'CONFIG_INVALID') {
    return `${error.message}\n`;
  }
  // INTERNAL hides what it stands for from callers; here the person at the terminal is the one to know.
  const message = error.code === 'INTERNAL' && error.cause instanceof Error ? error.cause.message : error.message;
  return `simulator ${command}: ${error.code}: ${message.replaceAll(/\s+/g, ' ').trim()}\n  What to do: ${remedy(error, address)}\n`;
}

/** 2 for a mistake on the command line, as most tools have it; 1 for anything else. */
export function exitCodeOf(error: EmitterError): number {
  return error.code === 'CONFIG_INVALID' ? 2 : 1;
}

function remedy(error: EmitterError, address: string | undefined): string {
  // An answer of the service's own says when to come again; without one, nobody was there to answer.
  if (error.code === 'UNAVAILABLE' && error.details.retryAfterMs === undefined && address !== undefined) {
    return `see that destroyer runs at ${address} ("npm run demo -- --keep" starts everything), or name another address with --address.`;
  }
  return errorCodes[error.code].remedy;
}
