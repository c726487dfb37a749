import { readFile } from 'node:fs/promises';
import { PulsarError } from '../errors';

/** How a client says who it is. Asked for each connection anew, so rotated files and tokens are taken up. */
export interface Authentication {
  /** Pulsar's name of the method: `tls`, `token`. */
  readonly method: string;
  /** What CONNECT and the answer to AUTH_CHALLENGE carry. */
  credentials(): Promise<Uint8Array>;
  /** Client certificate and key files, for methods that use them. */
  readonly certificateFiles?: { certificatePath: string; privateKeyPath: string };
}

/** Authentication by client certificate: PEM files, read again for each connection. They may be one bundle. */
export class AuthenticationTls implements Authentication {
  readonly method = 'tls';
  readonly certificateFiles: { certificatePath: string; privateKeyPath: string };

  constructor(params: { certificatePath: string; privateKeyPath: string }) {
    this.certificateFiles = { ...params };
  }

  credentials(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(0));
  }
}

/** A token, or where to get one each time. */
export type TokenSource = string | (() => string) | (() => Promise<string>);

/** Authentication by token: fixed, from a function, or from a file that is read again for each connection. */
export class AuthenticationToken implements Authentication {
  readonly method = 'token';
  // Not an own property of plain text: a client that is logged or inspected does not show its token.
  readonly #source: () => string | Promise<string>;

  constructor(params: { token: TokenSource } | { tokenFile: string }) {
    if ('tokenFile' in params) this.#source = () => readFile(params.tokenFile, 'utf8');
    else if (typeof params.token === 'function') this.#source = params.token;
    else {
      const token = params.token;
      this.#source = () => token;
    }
  }

  async credentials(): Promise<Uint8Array> {
    let token: string;
    try {
      token = (await this.#source()).trim();
    } catch (cause) {
      throw new PulsarError('AUTHENTICATION_FAILED', 'the token could not be read', { cause });
    }
    if (token.length === 0) throw new PulsarError('AUTHENTICATION_FAILED', 'the token is empty');
    return Buffer.from(token);
  }
}
