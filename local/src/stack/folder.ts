import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedLogin } from '../postgres/logins';

/** Where the parts of a stack keep what they keep. */
export interface StackFolder {
  readonly logs: string;
  readonly passwordFile: (login: EmbeddedLogin) => string;
}

/** Makes the folders; what is secret is open to us only. */
export async function prepareFolder(dir: string): Promise<StackFolder> {
  const [logs, secrets] = [join(dir, 'logs'), join(dir, 'secrets')];
  await mkdir(logs, { recursive: true });
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) {
    // Postgres runs under another account then, and must get through to its part.
    await chmod(dir, 0o711);
  }
  return { logs, passwordFile: (login) => join(secrets, `${login}.password`) };
}
