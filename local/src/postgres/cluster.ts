import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { EmitterError } from '@emitter/kit';
import { mayReach, type Account } from './account';
import { startError } from './failure';
import { runProgram } from './program';

/** A data folder with its superuser. */
export interface Cluster {
  /** PostgreSQL's data folder. */
  readonly data: string;
  readonly superuser: { readonly user: 'postgres'; readonly password: string };
}

/**
 * The cluster below `dir`, made with initdb when there is none: UTF-8, C collation, SCRAM passwords for every
 * connection, a random password for the superuser in `superuser.password`, which only we can read. It is made beside
 * its place and moved there when all is done, so that whoever is killed meanwhile leaves nothing that looks finished.
 * @throws EmitterError UNAVAILABLE (disk full, binaries that do not run here), CONFIG_INVALID (a folder that cannot serve)
 */
export async function openCluster(bin: string, dir: string, account: Account | undefined): Promise<Cluster> {
  const data = join(dir, 'data');
  const passwordFile = join(dir, 'superuser.password');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const existing = await readdir(data).catch((): string[] => []);
  if (existing.includes('PG_VERSION')) {
    const password = await readFile(passwordFile, 'utf8');
    return { data, superuser: { user: 'postgres', password: password.trim() } };
  }
  if (existing.length > 0) {
    throw new EmitterError(
      'CONFIG_INVALID',
      `${data} is not empty and not a Postgres data folder; name another folder.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  // A name of our own: the initdb of a start that was killed may still be at work beside us.
  const unfinished = join(dir, `data.unfinished-${process.pid}`);
  for (const name of await readdir(dir)) {
    if (name.startsWith('data.unfinished')) {
      await rm(join(dir, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
  await giveTo(account, dir, unfinished);
  try {
    await initialise(bin, dir, unfinished, password, account);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await rename(unfinished, data);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return { data, superuser: { user: 'postgres', password } };
}

/** The data folder is the server account's own; the folders above it let it pass. */
async function giveTo(account: Account | undefined, dir: string, data: string): Promise<void> {
  await mkdir(data, { mode: 0o700 });
  if (account === undefined) {
    return;
  }
  await chmod(dir, 0o711);
  await chown(data, account.uid, account.gid);
  if (!(await mayReach(dirname(data), account))) {
    const message =
      `Postgres refuses to run as root and runs as ${account.name} instead, which may not pass through ${dir}. ` +
      'Use a folder below one that is open to all, such as /tmp.';
    throw new EmitterError('CONFIG_INVALID', message);
  }
}

async function initialise(
  bin: string,
  dir: string,
  data: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  const initial = join(dir, 'initial.password');
  await writeFile(initial, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chown(initial, account.uid, account.gid);
  }
  const options = [
    '--username=postgres',
    `--pwfile=${initial}`,
    '--auth=scram-sha-256',
    '--locale=C',
    '--encoding=UTF8',
  ];
  const { code, output } = await runProgram(join(bin, 'initdb'), ['--pgdata', data, ...options], {
    cwd: data,
    account,
  });
  await rm(initial, { force: true });
  if (code !== 0) {
    throw startError('Postgres could not make its data folder', dir, output);
  }
}
