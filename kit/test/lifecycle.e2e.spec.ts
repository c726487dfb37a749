import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface Line {
  readonly message: string;
  readonly 'log.level': string;
  readonly step?: string;
  readonly pending?: string[];
  readonly error?: { readonly message: string };
}

/** A real process that runs `lifecycle/service.ts`, and what it logs. */
function startProcess(behaviour: string, { ipc = false } = {}) {
  const folder = join(__dirname, 'lifecycle');
  const child: ChildProcess = spawn(
    process.execPath,
    [join(folder, 'run-typescript.mjs'), join(folder, 'service.ts'), behaviour],
    { stdio: ipc ? ['ignore', 'pipe', 'inherit', 'ipc'] : ['ignore', 'pipe', 'inherit'] },
  );
  running.push(child);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  if (child.stdout === null) {
    throw new Error('the process has no output');
  }
  const output = createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    waiting.forEach((look) => look());
  });
  const says = (message: string) =>
    new Promise<void>((resolve) => {
      const look = () => lines.some((line) => line.message === message) && resolve();
      waiting.add(look);
      look();
    });
  // Not the child's 'close': that never comes once the parent has closed the IPC channel.
  const ended = Promise.all([once(child, 'exit'), once(output, 'close')]).then(([[code]]) => code as number);
  return { child, lines, says, ended };
}

const running: ChildProcess[] = [];

afterEach(() => {
  running.splice(0).forEach((child) => child.kill('SIGKILL'));
});

describe('a service as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops in order at %s', async (signal) => {
    const { child, lines, says, ended } = startProcess('orderly');
    await says('listening');
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual([
      'listening',
      'stopping',
      'not ready',
      'drain',
      'close',
      'stopped',
    ]);
  });

  it('exits 1 when the time is up, and says what is left', async () => {
    const { child, lines, says, ended } = startProcess('stuck');
    await says('listening');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(lines.at(-1)).toMatchObject({ message: 'not stopped within 300 ms', step: 'drain', pending: ['1 call'] });
  });

  it('exits at once at a second signal', async () => {
    const { child, says, ended } = startProcess('slow');
    await says('listening');
    child.kill('SIGTERM');
    await says('drain');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  it.each([
    ['rejects', 'nobody waits for this'],
    ['throws', 'nobody catches this'],
  ])('exits 1 when something %s that nothing handles, with the reason as its last line', async (behaviour, message) => {
    const { lines, ended } = startProcess(behaviour);
    expect(await ended).toBe(1);
    expect(lines.at(-1)).toMatchObject({ 'log.level': 'fatal', error: { message } });
  });

  it('tells its parent its ports, and stops in order when the parent is gone', async () => {
    const { child, lines, ended } = startProcess('orderly', { ipc: true });
    const [message] = (await once(child, 'message')) as [unknown];
    expect(message).toEqual({ kind: 'listening', ports: { api: 1, health: 2, metrics: 3 } });
    child.disconnect();
    expect(await ended).toBe(0);
    expect(lines.map((line) => line.message)).toContain('close');
  });
});
