import { spawn } from 'node:child_process';

/** Stops a Postgres whose starter died without stopping it. */
export interface Guardian {
  /** Sends it away: the starter has stopped the server itself. */
  dismiss(): void;
}

/**
 * What it does, as a shell script, because it must outlive any crash of Node: standard input is a pipe from the
 * starter, so the read ends when that is gone, however it died. Then the server in folder $1 gets a fast shutdown,
 * ten seconds, and SIGKILL; at last the folder $2 is removed, when one was named, again while somebody still writes to
 * it (services log their end, an initdb may be under way).
 */
const script = `
read -r _
pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null || echo postgres)" = postgres ]; then
  kill -INT "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null && [ "$n" -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
fi
[ -n "$2" ] || exit 0
for _ in 1 2 3 4 5; do
  rm -rf "$2"
  sleep 0.3
  [ -e "$2" ] || exit 0
done
`;

/** Sets a guardian over the server in a data folder (now or later); `remove` is the temporary folder to leave no trace of. */
export function guard(dataFolder: string, remove?: string): Guardian {
  const child = spawn('/bin/sh', ['-c', script, 'emitter-guardian', dataFolder, remove ?? ''], {
    cwd: '/',
    env: { PATH: process.env.PATH },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // Neither the child nor its pipe may keep us running.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { dismiss: () => void child.kill('SIGKILL') };
}
