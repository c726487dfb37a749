import { keepUp, partsOf, type Part } from './keep-up';
import type { Stack } from '../stack';

interface FakePart extends Part {
  end(how?: string): void;
  starts: number;
}

function fakePart(name: string, start: () => Promise<void> = () => Promise.resolve()): FakePart {
  let end: (how?: string) => void = () => undefined;
  let ended = new Promise<string | undefined>((resolve) => (end = resolve));
  const part: FakePart = {
    name,
    log: `/nowhere/${name}.log`,
    starts: 0,
    pid: () => 4_711,
    ended: () => ended,
    end: (how) => end(how),
    start: async () => {
      part.starts++;
      ended = new Promise((resolve) => (end = resolve));
      await start();
    },
  };
  return part;
}

function watched(...parts: Part[]): { lines: string[]; stop: () => void; over: Promise<void> } {
  const lines: string[] = [];
  const controller = new AbortController();
  const over = keepUp(parts, { line: (text = '') => void lines.push(text) }, controller.signal);
  return { lines, over, stop: () => controller.abort(new Error('Ctrl-C')) };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe('a part that ended', () => {
  it('is started again, which is said, until the signal', async () => {
    const part = fakePart('destroyer');
    const { lines, stop, over } = watched(part, fakePart('deathstar'));
    part.end('SIGKILL');
    await soon();
    expect(lines).toEqual(['destroyer ended (SIGKILL); starting it again', 'destroyer runs again (pid 4711)']);
    stop();
    await over;
    expect(part.starts).toBe(1);
  });

  it('is given up after five restarts within a minute, with the place of its log', async () => {
    const part = fakePart('deathstar', () => {
      void soon().then(() => part.end('exit code 1'));
      return Promise.resolve();
    });
    const { lines, over } = watched(part, fakePart('destroyer'));
    part.end('exit code 1');
    await expect(over).rejects.toThrow(
      /^deathstar ended \(exit code 1\) after 5 restarts within 60 s; giving up\. Its log, \/nowhere\/deathstar\.log/,
    );
    expect(part.starts).toBe(5);
    expect(lines.filter((line) => line.includes('starting it again'))).toHaveLength(5);
  });

  it('is tried again when it does not start', async () => {
    let fails = true;
    const part = fakePart('Postgres', () => {
      const now = fails;
      fails = false;
      return now ? Promise.reject(new Error('no room\nmore')) : Promise.resolve();
    });
    const { lines, stop, over } = watched(part);
    part.end();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    stop();
    await over;
    expect(lines).toEqual([
      'Postgres ended; starting it again',
      'Postgres did not start (no room); starting it again',
      'Postgres runs again (pid 4711)',
    ]);
  });

  it('has no start under way any more when the watch is over', async () => {
    let started = false;
    const part = fakePart('destroyer', () => soon().then(() => void (started = true)));
    const { stop, over } = watched(part);
    part.end('SIGKILL');
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    await over;
    expect([part.starts, started]).toEqual([1, true]);
  });
});

it('looks after both services and Postgres', async () => {
  const exit = { code: null, signal: 'SIGKILL' };
  const service = (name: string): object => ({ name, log: name, exit: () => Promise.resolve(exit) });
  let running = true;
  const postgres = { log: 'postgres', running: () => running };
  const stack = { destroyer: service('destroyer'), deathstar: service('deathstar'), postgres } as unknown as Stack;
  const parts = partsOf(stack);
  expect(parts.map(({ name }) => name)).toEqual(['destroyer', 'deathstar', 'Postgres']);
  const { signal } = new AbortController();
  setTimeout(() => (running = false), 20);
  await expect(Promise.all(parts.map((part) => part.ended(signal)))).resolves.toEqual([
    'SIGKILL',
    'SIGKILL',
    undefined,
  ]);
});
