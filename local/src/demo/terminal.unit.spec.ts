import { stripVTControlCharacters } from 'node:util';
import { createTerminal, duration, type Terminal } from './terminal';

interface Screen {
  readonly terminal: Terminal;
  readonly text: () => string;
}

function screen(options: { colours?: boolean; live?: boolean }): Screen {
  let text = '';
  let clock = 0;
  const terminal = createTerminal({
    write: (piece) => void (text += piece),
    colours: options.colours ?? false,
    live: options.live ?? false,
    now: () => (clock += 1_234),
  });
  return { terminal, text: () => text };
}

describe('a step', () => {
  it('is one plain line when the terminal is none', async () => {
    const { terminal, text } = screen({});
    await terminal.step(
      'Working',
      () => Promise.resolve(7),
      (result) => `Worked ${result}`,
    );
    expect(text()).toMatch(/^ {2}✔ Worked 7 +1\.2 s\n$/);
  });

  it('gives what the work gave', async () => {
    const { terminal } = screen({});
    await expect(terminal.step('Working', () => Promise.resolve(7), String)).resolves.toBe(7);
  });

  it('shows that it goes on, over and over in one line, on a terminal', async () => {
    const { terminal, text } = screen({ live: true });
    const work = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));
    await terminal.step('Working', work, () => 'Worked');
    const frames = text().split('\r');
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.filter((frame) => frame.includes('\n'))).toHaveLength(1);
    expect(stripVTControlCharacters(frames.at(-1) ?? '')).toMatch(/^ {2}✔ Worked/);
  });

  it('says what failed and passes the error on', async () => {
    const { terminal, text } = screen({});
    const error = new Error('no');
    await expect(terminal.step('Working', () => Promise.reject(error), String)).rejects.toBe(error);
    expect(text()).toMatch(/^ {2}✖ Working/);
  });

  it('fits 80 columns', async () => {
    const { terminal, text } = screen({});
    await terminal.step(
      'Working',
      () => Promise.resolve(),
      () => 'x'.repeat(62),
    );
    expect(text().trimEnd().length).toBeLessThanOrEqual(80);
  });
});

describe('colours', () => {
  it('are used when they are wanted', () => {
    expect(screen({ colours: true }).terminal.style.bold('x')).toBe('\x1b[1mx\x1b[22m');
  });

  it('are not used otherwise', () => {
    const { style } = screen({}).terminal;
    expect([style.bold('x'), style.dim('x'), style.good('x'), style.bad('x'), style.accent('x')]).toEqual(
      Array(5).fill('x'),
    );
  });

  it('do not shift the columns', async () => {
    const [plain, coloured] = [screen({}), screen({ colours: true })];
    for (const { terminal } of [plain, coloured]) {
      await terminal.step(
        'Working',
        () => Promise.resolve(),
        () => `it ${terminal.style.good('worked')}`,
      );
    }
    expect(stripVTControlCharacters(coloured.text())).toBe(plain.text());
  });
});

it.each([
  [0.04, '0.0 ms'],
  [12.34, '12.3 ms'],
  [1_000, '1.0 s'],
])('shows %d ms as %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
