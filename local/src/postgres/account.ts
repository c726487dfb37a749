import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EmitterError } from '@emitter/kit';

/** A system account, as a process is started under. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that Postgres must run as: `undefined` for our own, another one when we are root, which Postgres refuses.
 * @throws EmitterError CONFIG_INVALID when we are root and the system has neither `postgres` nor `nobody`
 */
export async function serverAccount(uid = process.getuid?.(), passwd = '/etc/passwd'): Promise<Account | undefined> {
  if (uid !== 0) {
    return undefined;
  }
  const lines = (await readFile(passwd, 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , accountUid, accountGid] = lines.find((fields) => fields[0] === name) ?? [];
    if (accountUid !== undefined && accountGid !== undefined) {
      return { name, uid: Number(accountUid), gid: Number(accountGid) };
    }
  }
  const message = 'Postgres refuses to run as root, and this system has no account postgres or nobody to run it as.';
  throw new EmitterError('CONFIG_INVALID', message);
}

/** Whether an account may go to a folder and use it: every folder on the way lets it pass. */
export async function mayReach(folder: string, account: Account): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 0o1) === 0) {
      return false;
    }
    if (at === dirname(at)) {
      return true;
    }
  }
}
