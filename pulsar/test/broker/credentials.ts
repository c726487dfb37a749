import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of its own, in a folder. Needs the `openssl` command. */
export class TestAuthority {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const days = ['-days', '2'];
    this.openssl(
      'req',
      '-x509',
      ...EC,
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      ...days,
      '-subj',
      '/CN=test authority',
    );
  }

  get ca(): string {
    return join(this.folder, 'ca.pem');
  }

  /**
   * A certificate whose common name is the role, with its key (PKCS#8, as Pulsar wants it).
   * @param validity from and to, in hours from now
   */
  issue(
    role: string,
    validity: [number, number] = [-1, 24],
    names = 'DNS:localhost,IP:127.0.0.1',
  ): { certificatePath: string; privateKeyPath: string } {
    const file = (ending: string): string => join(this.folder, `${role}.${ending}`);
    this.openssl(
      'req',
      '-new',
      ...EC,
      '-nodes',
      '-keyout',
      `${role}.raw`,
      '-out',
      `${role}.csr`,
      '-subj',
      `/CN=${role}`,
    );
    this.openssl('pkcs8', '-topk8', '-nocrypt', '-in', `${role}.raw`, '-out', `${role}.key`);
    writeFileSync(file('ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    const [from, to] = validity.map((hours) => stamp(new Date(Date.now() + hours * 3_600_000))) as [string, string];
    writeFileSync(file('index'), '');
    writeFileSync(
      file('serial'),
      `${Date.now().toString(16).padStart(12, '0')}${Math.floor(Math.random() * 65_536)
        .toString(16)
        .padStart(4, '0')}\n`,
    );
    writeFileSync(
      file('cnf'),
      `[ca]\ndefault_ca=a\n[a]\ndatabase=${role}.index\nserial=${role}.serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`,
    );
    const dates = ['-startdate', from, '-enddate', to];
    const signer = ['-cert', 'ca.pem', '-keyfile', 'ca.key', '-notext'];
    this.openssl(
      'ca',
      '-batch',
      '-config',
      `${role}.cnf`,
      ...signer,
      '-in',
      `${role}.csr`,
      '-out',
      `${role}.pem`,
      '-extfile',
      `${role}.ext`,
      ...dates,
    );
    return { certificatePath: file('pem'), privateKeyPath: file('key') };
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

function stamp(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

/** A JSON Web Token for a role, as Pulsar's token authentication reads it (HS256). */
export function makeToken(secret: Buffer, role: string, expiresInSeconds?: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: role,
    ...(expiresInSeconds !== undefined && { exp: Math.floor(Date.now() / 1000) + expiresInSeconds }),
  };
  const content = `${part({ alg: 'HS256' })}.${part(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
