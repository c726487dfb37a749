import { EmitterError } from '../errors';

/** Where a database is. */
export interface DatabaseAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/**
 * Reads `postgres://host:port/database` (port 5432 unless told; `?host=/folder` for a Unix socket).
 * @param user - who logs in: the URL need not name them, but must not name another
 * @throws EmitterError CONFIG_INVALID; its message never holds the URL, for that might hold a password
 */
export function parseDatabaseUrl(text: string, user: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw invalid('is not postgres://host:port/database');
  }
  if (url.password !== '') {
    throw invalid('holds a password; that comes from a file of its own');
  }
  if (url.username !== '' && decodeURIComponent(url.username) !== user) {
    throw invalid('names another user than the one who is to log in');
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[|\]$/g, '');
  if (database === '' || database.includes('/') || host === '') {
    throw invalid('must name a host and a database');
  }
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'host');
  if (unknown.length > 0) {
    throw invalid(`has parameters that are not known: ${unknown.join(', ')}`);
  }
  return { host, port: url.port === '' ? 5432 : Number(url.port), database };
}

function invalid(what: string): EmitterError {
  return new EmitterError('CONFIG_INVALID', `the database URL ${what}`);
}
