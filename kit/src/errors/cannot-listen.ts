import { EmitterError } from './emitter-error';

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; choose another port, or 0 for any free one',
  EACCES: 'this user may not; choose a port from 1024 up, or 0 for any free one',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/**
 * CONFIG_INVALID for an address that a server cannot listen on.
 *
 * @param what - what the server answers: `metrics`, `health`, `calls`
 */
export function cannotListen(what: string, host: string, port: number, cause: Error): EmitterError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const reason = reasons[code] ?? cause.message;
  return new EmitterError(
    'CONFIG_INVALID',
    `cannot listen for ${what} on ${host.includes(':') ? `[${host}]` : host}:${port}: ${reason}`,
    { cause },
  );
}
