import { EmitterError } from '../errors';
import { declareConfig, type ConfigDeclaration } from './declaration';
import { flagOnly, optional } from './field';
import { boolean, duration, integer, list, port, secretFile, text, url } from './fields';
import { helpText } from './help';
import { loadConfig, type ConfigSources } from './load';
import { configReference } from './reference';

const service = declareConfig(
  'destroyer',
  {
    databaseUrl: url({ doc: 'Where the read model is.', schemes: ['postgres'] }),
    databasePassword: secretFile({ doc: "The user's password." }),
    port: port({ doc: 'The port.', default: 50_051 }),
    healthPort: port({ doc: 'The other port.', default: 50_052 }),
    reflection: boolean({ doc: 'Whether to tell.', default: true }),
    maxCallTime: duration({ doc: 'How long.', default: '30s' }),
    sources: list(text({ doc: '' }), { doc: 'Which.', default: [] }),
    zone: optional(text({ doc: 'Where.' })),
  },
  {
    checks: [
      ({ port, healthPort }) => (port === healthPort ? [{ field: 'healthPort', problem: 'must differ' }] : []),
      ({ zone }) => (zone === 'nowhere' ? [{ field: 'both ports', problem: 'are too many' }] : []),
    ],
  },
);

const acquire = declareConfig(
  'acquire',
  { criticality: integer({ doc: 'How bad.', min: 0, max: 10, default: 0 }) },
  { positionals: { message: text({ doc: 'What was seen.' }) }, variablePrefix: 'EMITTER_' },
);

const files: Record<string, string> = { '/run/pw': 'hunter2\n', '/run/empty': '' };
const required = ['--database-url', 'postgres://db/emitter', '--database-password-file', '/run/pw'];

function sources(argv: readonly string[], more: Partial<ConfigSources> & { json?: unknown } = {}): ConfigSources {
  const { json, ...rest } = more;
  const readFile = (path: string) => {
    const content = path === '/etc/e.json' ? (typeof json === 'string' ? json : JSON.stringify(json)) : files[path];
    if (content === undefined) {
      throw Object.assign(new Error(`no such file ${path}`), path === '/odd' ? {} : { code: 'ENOENT' });
    }
    return content;
  };
  return { argv, env: {}, readFile, ...rest };
}

function load<V>(declaration: ConfigDeclaration<V>, from: ConfigSources): V {
  const loaded = loadConfig(declaration, from);
  if (loaded.kind === 'print') {
    throw new Error(loaded.text);
  }
  return loaded.values;
}

function mistakes(declaration: ConfigDeclaration<never>, from: ConfigSources): string[] {
  try {
    loadConfig(declaration, from);
  } catch (thrown) {
    if (thrown instanceof EmitterError && thrown.code === 'CONFIG_INVALID') {
      return (thrown.details.violations ?? []).map(({ field, description }) => `${field} ${description}`);
    }
    throw thrown;
  }
  return [];
}

describe('loadConfig', () => {
  it('gives typed values: defaults where nothing is set', () => {
    const values = load(service, sources(required));
    const typed: { port: number; zone: string | undefined; sources: readonly string[]; reflection: boolean } = values;
    expect(typed).toEqual({
      databaseUrl: 'postgres://db/emitter',
      databasePassword: 'hunter2',
      port: 50_051,
      healthPort: 50_052,
      reflection: true,
      maxCallTime: 30_000,
      sources: [],
      zone: undefined,
    });
  });

  it('lets flags win over the environment, that over the file, that over defaults', () => {
    const json = { port: 1, healthPort: 2, maxCallTime: '3s', sources: ['a,b', 'c'], reflection: false };
    const values = load(
      service,
      sources([...required, '--port=10', '--config', '/etc/e.json'], { json, env: { PORT: '20', HEALTH_PORT: '21' } }),
    );
    expect(values).toMatchObject({
      port: 10,
      healthPort: 21,
      maxCallTime: 3_000,
      sources: ['a,b', 'c'],
      reflection: false,
    });
  });

  it('finds the file by CONFIG as well, and takes texts in it for every type', () => {
    const json = '\uFEFF{"port":"7","reflection":"off","sources":"a,b"}';
    const values = load(service, sources(required, { json, env: { CONFIG: '/etc/e.json' } }));
    expect(values).toMatchObject({ port: 7, reflection: false, sources: ['a', 'b'] });
  });

  it('takes an empty variable for one not set', () => {
    expect(load(service, sources(required, { env: { PORT: '', CONFIG: '', DATABASE_PASSWORD: '' } })).port).toBe(
      50_051,
    );
  });

  it('takes the last of a flag given again, and all of a list', () => {
    const argv = [...required, '--port', '1', '--port', '2', '--sources', 'a', '--sources=b,c', '--no-reflection'];
    expect(load(service, sources(argv))).toMatchObject({ port: 2, sources: ['a', 'b', 'c'], reflection: false });
    expect(load(service, sources([...required, '--reflection=false', '--reflection'])).reflection).toBe(true);
  });

  it('lists every mistake at once, each under the name that was used', () => {
    const from = sources(['--prot', '5', '--max-call-time', '5', '--zone'], {
      env: { DATABASE_URL: 'postgres://u:hunter2@db/x', HEALTH_PORT: '99999', CONFIG: '/etc/e.json' },
      json: { databasUrl: 'x', reflection: 7, sources: [[]] },
    });
    expect(mistakes(service, from)).toEqual([
      '--prot is not a flag; did you mean --port?',
      '"databasUrl" in /etc/e.json is not a setting; did you mean "databaseUrl"?',
      'DATABASE_URL must not hold a password: everyone who sees the settings would see it; put it in a file and give its path by DATABASE_PASSWORD_FILE',
      'DATABASE_PASSWORD_FILE is missing: set DATABASE_PASSWORD_FILE, --database-password-file or "databasePasswordFile" in the configuration file (the path of a file that holds the secret)',
      'HEALTH_PORT must be a port, 0 (any free one) to 65535, not "99999"',
      '"reflection" in /etc/e.json must be true or false, not number',
      '--max-call-time must be a duration such as 500ms, 2s, 5m or 1h, not "5"; write the unit: 5ms or 5s',
      '"sources" in /etc/e.json must be a list, each text, not array',
      '--zone needs a value: --zone VALUE, or --zone=VALUE if it begins with dashes',
    ]);
  });

  it('writes one message for a person, with the count and where help is', () => {
    expect(() => loadConfig(service, sources([...required, '--port', 'x']))).toThrow(
      'destroyer: a mistake in the configuration\n  - --port must be a port, 0 (any free one) to 65535, not "x"\nSee destroyer --help.',
    );
    expect(() => loadConfig(service, sources([]))).toThrow('destroyer: 2 mistakes in the configuration\n');
  });

  it('judges only the value that counts', () => {
    expect(load(service, sources([...required, '--port', '1'], { env: { PORT: 'x' } })).port).toBe(1);
  });

  it('does not call missing what a mistyped name meant', () => {
    expect(mistakes(service, sources(['--databse-url', 'postgres://db', ...required.slice(2)]))).toEqual([
      '--databse-url is not a flag; did you mean --database-url?',
    ]);
  });

  it('applies rules over several settings once every one is right', () => {
    expect(mistakes(service, sources([...required, '--port', '9'], { env: { HEALTH_PORT: '9' } }))).toEqual([
      'HEALTH_PORT must differ',
    ]);
    expect(mistakes(service, sources([...required, '--port', '50052']))).toEqual(['HEALTH_PORT must differ']);
    expect(mistakes(service, sources([...required, '--zone', 'nowhere']))).toEqual(['both ports are too many']);
    expect(mistakes(service, sources(['--port', '50052']))).toHaveLength(2);
  });
});

describe('secrets', () => {
  it.each([
    ['a flag', sources([...required, '--database-password', 'hunter2']), '--database-password is not taken'],
    ['a flag with =', sources([...required, '--database-password=hunter2']), '--database-password is not taken'],
    ['a variable', sources(required, { env: { DATABASE_PASSWORD: 'hunter2' } }), ''],
    [
      'a variable alone',
      sources(required.slice(0, 2), { env: { DATABASE_PASSWORD: 'hunter2' } }),
      'DATABASE_PASSWORD is not taken: a secret comes in only as a file; put it in one and give its path by DATABASE_PASSWORD_FILE',
    ],
    [
      'a JSON key',
      sources(['--config=/etc/e.json', ...required.slice(0, 2)], { json: { databasePassword: 'hunter2' } }),
      '"databasePassword" in /etc/e.json is not taken: a secret comes in only as a file; put it in one and give its path as "databasePasswordFile"',
    ],
    [
      'the name of its own file',
      sources([...required.slice(0, 3), 'hunter2']),
      '--database-password-file must name a file that holds the secret, and there is no such file',
    ],
    [
      'a file that cannot be read for a reason unknown',
      sources([...required.slice(0, 3), '/odd']),
      '--database-password-file must name a file that holds the secret, and it cannot be read (no reason given)',
    ],
    [
      'an empty file',
      sources([...required.slice(0, 3), '/run/empty']),
      '--database-password-file names a file that is empty',
    ],
    ['an unknown flag', sources([...required, '--xyzzy', 'hunter2']), '--xyzzy is not a flag; --help lists them'],
    ['a mistyped flag', sources([...required, '--databse-pasword', 'hunter2']), '--databse-pasword is not a flag'],
    [
      'JSON that is none',
      sources(['--config=/etc/e.json'], { json: '{"databasePassword":hunter2}' }),
      '/etc/e.json is no valid JSON',
    ],
  ])('are never repeated, given as %s', (_, from, expected) => {
    const found = mistakes(service, from);
    expect(found.join('\n')).not.toContain('hunter2');
    expect(found.slice(0, expected === '' ? 0 : 1).join('')).toContain(expected);
  });

  it('are asked for in general when no setting takes them', () => {
    const plain = declareConfig('x', { target: url({ doc: '', schemes: ['http'] }) });
    expect(mistakes(plain, sources(['--target', 'http://u:hunter2@h']))).toEqual([
      '--target must not hold a password: everyone who sees the settings would see it',
    ]);
  });
});

describe('the configuration file', () => {
  const from = (json: unknown) => sources([...required, '--config', '/etc/e.json'], { json });

  it.each([
    ['no object', [], '/etc/e.json must hold one JSON object, { "setting": value, … }, not array'],
    ['null', null, '/etc/e.json must hold one JSON object, { "setting": value, … }, not null'],
    ['an unknown key', { colour: 1 }, '"colour" in /etc/e.json is not a setting; --help lists them'],
    [
      'a key in the form of a variable',
      { HEALTH_PORT: 1 },
      '"HEALTH_PORT" in /etc/e.json is not a setting; did you mean "healthPort"?',
    ],
    ['a flag', { printConfig: true }, '"printConfig" in /etc/e.json is only a flag'],
    ['null for a value', { port: null }, '"port" in /etc/e.json must be a port, 0 (any free one) to 65535, not null'],
    [
      'an object for a value',
      { port: {} },
      '"port" in /etc/e.json must be a port, 0 (any free one) to 65535, not object',
    ],
    [
      'an array for one value',
      { port: [1] },
      '"port" in /etc/e.json must be a port, 0 (any free one) to 65535, not array',
    ],
    ['a number for a text', { zone: 5 }, '"zone" in /etc/e.json must be text, not number'],
    ['no text in a list', { sources: ['a', 5] }, '"sources" in /etc/e.json must be a list, each text, not array'],
    ['a fraction', { port: 1.5 }, '"port" in /etc/e.json must be a port, 0 (any free one) to 65535, not "1.5"'],
  ])('names its mistakes: %s', (_, json, expected) => {
    expect(mistakes(service, from(json))).toEqual([expected]);
  });

  it('says where the syntax breaks, when the parser tells', () => {
    expect(mistakes(service, from('{\n  "port": 1,\n  port\n}'))[0]).toMatch(
      /^\/etc\/e\.json is no valid JSON: line 3, column \d+$/,
    );
    expect(mistakes(service, from(''))).toEqual(['/etc/e.json is no valid JSON']);
  });

  it('is named by the setting that named it when it cannot be read, and nothing is called missing', () => {
    expect(mistakes(service, sources([], { env: { CONFIG: '/none' } }))).toEqual([
      'CONFIG names /none, and there is no such file',
    ]);
    expect(mistakes(service, sources(['--config', '/none']))[0]).toMatch(/^--config names/);
  });

  it('is a mistake without a name', () => {
    expect(mistakes(service, sources([...required, '--config']))).toEqual([
      '--config needs a value: --config VALUE, or --config=VALUE if it begins with dashes',
    ]);
  });

  it('copes with what is thrown that is no error', () => {
    const readFile = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a stranger's readFile may do
      throw 'no';
    };
    expect(mistakes(service, { argv: ['--config', 'x'], env: {}, readFile })[0]).toMatch(
      /names x, and it cannot be read/,
    );
  });

  it('is not fooled by names that every object has', () => {
    expect(mistakes(service, from('{"__proto__": 1, "constructor": 2}'))).toHaveLength(2);
  });
});

describe('commands with arguments', () => {
  it('take their arguments and flags in any order', () => {
    const expected = { message: 'a message', criticality: 7 };
    expect(load(acquire, sources(['a message', '--criticality', '7']))).toEqual(expected);
    expect(load(acquire, sources(['--criticality=7', 'a message']))).toEqual(expected);
    expect(load(acquire, sources(['--criticality', '7', '--', '--weird']))).toEqual({
      ...expected,
      message: '--weird',
    });
    expect(load(acquire, sources(['-5'])).message).toBe('-5');
    expect(load(acquire, sources(['-'])).message).toBe('-');
  });

  it('take negative numbers as values, to say their bounds', () => {
    expect(mistakes(acquire, sources(['m', '--criticality', '-1']))).toEqual([
      '--criticality must be a whole number, 0 to 10, not "-1"',
    ]);
  });

  it('read only variables with their prefix, and arguments from none', () => {
    const env = { CRITICALITY: '9', EMITTER_CRITICALITY: '3', EMITTER_MESSAGE: 'x' };
    expect(load(acquire, sources(['m'], { env }))).toEqual({ message: 'm', criticality: 3 });
    expect(mistakes(acquire, sources([], { env }))).toEqual(['<message> is missing: What was seen.']);
  });

  it('say what is too much', () => {
    expect(mistakes(acquire, sources(['a', 'message', 'more']))).toEqual([
      'The arguments are 2 too many: only <message> is taken; put a text of several words in quotes',
    ]);
    expect(mistakes(service, sources([...required, 'x']))).toEqual(['The arguments are 1 too many: none is taken']);
  });

  it('keep their argument when a flag before it is mistyped', () => {
    expect(mistakes(acquire, sources(['--crticality', '7', 'm']))).toHaveLength(1);
    expect(mistakes(acquire, sources(['--xyzzy', 'm']))).toEqual(['--xyzzy is not a flag; --help lists them']);
    expect(mistakes(acquire, sources(['--xyzzy=1', 'm']))).toHaveLength(1);
    expect(mistakes(acquire, sources(['--hlp', 'm']))).toEqual(['--hlp is not a flag; did you mean --help?']);
  });

  it('give all that is left to a list', () => {
    const several = declareConfig('x', {}, { positionals: { messages: list(text({ doc: '' }), { doc: '' }) } });
    expect(load(several, sources(['a, b', 'c']))).toEqual({ messages: ['a, b', 'c'] });
  });

  it('refuse a value for what takes none', () => {
    expect(mistakes(service, sources([...required, '--no-reflection=false']))).toEqual([
      '--no-reflection takes no value',
    ]);
  });
});

describe('a setting that only its flag may set', () => {
  const migrate = declareConfig('migrate', {
    down: flagOnly(boolean({ doc: 'Take back.', default: false })),
    steps: flagOnly(integer({ doc: 'How far.' })),
  });

  it('is set by it', () => {
    expect(load(migrate, sources(['--down', '--steps', '2']))).toEqual({ down: true, steps: 2 });
  });

  it('is set by nothing else', () => {
    const env = { DOWN: 'true', STEPS: '3' };
    expect(load(migrate, sources(['--steps', '2'], { env }))).toEqual({ down: false, steps: 2 });
    expect(mistakes(migrate, sources(['--config=/etc/e.json'], { env, json: { down: true } }))).toEqual([
      '"down" in /etc/e.json is only a flag',
      '--steps is missing: set --steps (a whole number)',
    ]);
    expect(helpText(migrate)).not.toMatch(/DOWN|STEPS/);
    expect(configReference([migrate])).not.toMatch(/DOWN|STEPS/);
  });
});

describe('what is printed instead', () => {
  const print = (argv: string[], version?: string) => {
    const loaded = loadConfig(service, { ...sources(argv), ...(version === undefined ? {} : { version }) });
    return loaded.kind === 'print' ? loaded.text : '';
  };

  it('is help, however wrong the rest', () => {
    expect(print(['--port', 'x', '-h'])).toMatch(/^destroyer\n\nUsage: destroyer \[settings\]/);
  });

  it('is the version', () => {
    expect(print(['--version'], '1.2.3')).toBe('destroyer 1.2.3\n');
    expect(print(['--version'])).toBe('destroyer\n');
  });

  it('is every value with its origin, secrets masked', () => {
    const loaded = loadConfig(
      service,
      sources(['--print-config', ...required, '--config', '/etc/e.json'], {
        env: { PORT: '1' },
        json: { healthPort: 2 },
      }),
    );
    expect(loaded).toMatchObject({ kind: 'print', exitCode: 0 });
    expect(loaded.kind === 'print' ? loaded.text.split('\n') : []).toEqual([
      'databaseUrl           postgres://db/emitter  (flag --database-url)',
      'databasePasswordFile  ********               (flag --database-password-file)',
      'port                  1                      (environment PORT)',
      'healthPort            2                      (/etc/e.json)',
      'reflection            true                   (default)',
      'maxCallTime           30s                    (default)',
      'sources               (empty)                (default)',
      'zone                  (not set)              (default)',
      '',
    ]);
    const argument = loadConfig(acquire, sources(['m', '--print-config']));
    expect(argument.kind === 'print' ? argument.text : '').toMatch(/^message +m +\(argument <message>\)/);
  });
});
