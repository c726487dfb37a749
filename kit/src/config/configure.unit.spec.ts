import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure, configureCommand, type ConfigProcess } from './configure';
import { declareConfig } from './declaration';
import { duration, integer, secretFile, text } from './fields';

const list = declareConfig(
  'list',
  { minCriticality: integer({ doc: 'At least.', default: 0 }) },
  { summary: 'lists targets' },
);
const serve = declareConfig('simulator serve', { every: duration({ doc: 'How often.', default: '1s' }) });

class FakeProcess implements ConfigProcess {
  readonly argv: readonly string[];
  readonly env = {};
  out = '';
  err = '';
  exitCode: number | undefined = undefined;
  readonly stdout = { write: (some: string) => (this.out += some) };
  readonly stderr = { write: (some: string) => (this.err += some) };

  constructor(...argv: string[]) {
    this.argv = ['node', 'main.js', ...argv];
  }
}

describe('configure', () => {
  it('gives the values to start with', () => {
    const own = new FakeProcess('--min-criticality', '5');
    expect(configure(list, own)).toEqual({ minCriticality: 5 });
    expect(own).toMatchObject({ out: '', err: '', exitCode: undefined });
  });

  it('prints what was asked for, and leaves nothing to start', () => {
    const own = new FakeProcess('--version');
    expect(configure(list, own, '1.2.3')).toBeUndefined();
    expect(own).toMatchObject({ out: 'list 1.2.3\n', err: '', exitCode: undefined });
  });

  it('prints every mistake to standard error, for exit code 2', () => {
    const own = new FakeProcess('--min-criticality', 'x', '--nothing');
    expect(configure(list, own)).toBeUndefined();
    expect(own.out).toBe('');
    expect(own.err).toMatch(/^list: 2 mistakes in the configuration\n/);
    expect(own.exitCode).toBe(2);
  });

  it('reads real files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emitter-config-'));
    try {
      writeFileSync(join(folder, 'pw'), 'hunter2\n');
      const login = declareConfig('x', { password: secretFile({ doc: '' }) });
      expect(configure(login, new FakeProcess('--password-file', join(folder, 'pw')))).toEqual({ password: 'hunter2' });
      const own = new FakeProcess('--password-file', folder);
      expect(configure(login, own)).toBeUndefined();
      expect(own.err).toContain('--password-file must name a file that holds the secret, and it is a folder');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lets a mistake of the program through', () => {
    const broken = declareConfig(
      'x',
      { name: text({ doc: '', default: 'a' }) },
      {
        checks: [
          () => {
            throw new RangeError('ours');
          },
        ],
      },
    );
    expect(() => configure(broken, new FakeProcess())).toThrow(RangeError);
  });
});

describe('configureCommand', () => {
  const choose = (own: FakeProcess) => configureCommand('simulator', { list, serve }, own, '1.2.3');

  it('gives the command chosen, and values of its type', () => {
    const chosen = choose(new FakeProcess('serve', '--every', '500ms'));
    const every: number | undefined = chosen?.command === 'serve' ? chosen.values.every : undefined;
    expect(every).toBe(500);
    expect(choose(new FakeProcess('list'))).toEqual({ kind: 'values', command: 'list', values: { minCriticality: 0 } });
  });

  it.each([[], ['--help'], ['-h'], ['help']])('shows its commands for %p', (...argv: string[]) => {
    const own = new FakeProcess(...argv);
    expect(choose(own)).toBeUndefined();
    expect(own.out).toBe(`Usage: simulator COMMAND

Commands
  list   lists targets
  serve

simulator COMMAND --help shows the settings of one.
`);
  });

  it("shows a command's help, and the version", () => {
    const help = new FakeProcess('serve', '--help');
    choose(help);
    expect(help.out).toMatch(/^simulator serve\n/);
    const version = new FakeProcess('--version');
    choose(version);
    expect(version.out).toBe('simulator 1.2.3\n');
    const unknown = new FakeProcess('--version');
    configureCommand('simulator', { list }, unknown);
    expect(unknown.out).toBe('simulator\n');
  });

  it('finds the command that was meant', () => {
    const own = new FakeProcess('sevre');
    expect(choose(own)).toBeUndefined();
    expect(own.err).toBe('sevre is not a command of simulator; did you mean serve?\nSee simulator --help.\n');
    expect(own.exitCode).toBe(2);
  });

  it('does not take for a command what every object has', () => {
    const own = new FakeProcess('constructor');
    choose(own);
    expect(own.exitCode).toBe(2);
  });
});
