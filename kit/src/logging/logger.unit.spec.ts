import fc from 'fast-check';
import { EmitterError, toEmitterError } from '../errors';
import { createLogger, silentLogger, type LogLevel } from './logger';
import { traceFields } from './trace-fields';

interface Line {
  readonly [field: string]: unknown;
  readonly message?: string;
  readonly error?: { type: string; message: string; stack_trace: string; code?: string };
}

function logged(level: LogLevel = 'info') {
  const raw: string[] = [];
  const destination = { write: (line: string) => void raw.push(line) };
  const logger = createLogger({ service: 'destroyer', version: '1.2.3', level, destination });
  return { logger, raw, lines: () => raw.map((line) => JSON.parse(line) as Line) };
}

describe('createLogger', () => {
  it('writes one JSON line in ECS fields', () => {
    const { logger, raw, lines } = logged();
    logger.info({ ports: { api: 1 } }, 'listening on %d', 1);
    expect(raw).toHaveLength(1);
    expect(raw[0]?.endsWith('}\n')).toBe(true);
    expect(lines()[0]).toMatchObject({
      'log.level': 'info',
      'ecs.version': expect.any(String) as string,
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      'process.pid': process.pid,
      'service.name': 'destroyer',
      'service.version': '1.2.3',
      ports: { api: 1 },
      message: 'listening on 1',
    });
  });

  it('logs nothing less severe than its level', () => {
    const { logger, raw } = logged('warn');
    logger.info('no');
    logger.warn('yes');
    expect(raw).toHaveLength(1);
  });

  it('carries the fields of a child, once', () => {
    const { logger, raw, lines } = logged();
    logger.child(traceFields('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).info('x');
    expect(lines()[0]).toMatchObject({ 'trace.id': '0af7651916cd43dd8448eb211c80319c', 'span.id': 'b7ad6b7169203331' });
    expect(raw[0]?.match(/service\.name/g)).toHaveLength(1);
  });
});

describe('an error in the log', () => {
  it('has its type, message, code and stack', () => {
    const { logger, lines } = logged();
    logger.error({ err: new EmitterError('UNAVAILABLE', 'no answer') }, 'failed');
    expect(lines()[0]).toMatchObject({
      message: 'failed',
      error: { type: 'EmitterError', message: 'no answer', code: 'UNAVAILABLE' },
    });
    expect(lines()[0]?.error?.stack_trace).toContain('logger.unit.spec');
    expect(lines()[0]).not.toHaveProperty('err');
  });

  it('shows what is behind an INTERNAL one, down to the first cause', () => {
    const { logger, lines } = logged();
    const first = Object.assign(new TypeError('x is undefined'), { code: 'ERR_X' });
    logger.error({ err: toEmitterError(new Error('decoding failed', { cause: first })) }, 'call failed');
    const error = lines()[0]?.error;
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'an internal error; the log has the cause' });
    expect(error?.stack_trace).toMatch(
      /EmitterError: .*\n[^]*Caused by: Error: decoding failed\n[^]*Caused by: TypeError: x is undefined\n/,
    );
    expect(error?.stack_trace).toContain('[code ERR_X]');
  });

  it('may be the first argument alone, thrown without being an error, or under a name of its own', () => {
    const { logger, lines } = logged();
    logger.error(new Error('alone'));
    logger.error({ err: 'a text' }, 'x');
    logger.error({ err: null }, 'x');
    logger.error({ err: { password: 'hunter2' } }, 'x');
    logger.error({ reason: Object.assign(new Error('other'), { detail: 'payload' }), n: 1 }, 'x');
    logger.child({ err: Object.assign(new Error('bound'), { detail: 'payload' }) }).info('x');
    const [alone, text, none, object, other, bound] = lines();
    expect(alone).toMatchObject({ message: 'alone', error: { message: 'alone' } });
    expect(text?.error).toEqual({ type: 'string', message: 'a text', stack_trace: 'a text' });
    expect(none?.error?.message).toBe('a thrown null');
    expect(object?.error?.message).toBe('a thrown object');
    expect(other).toMatchObject({ reason: { message: 'other' }, n: 1 });
    expect(JSON.stringify([other, bound])).not.toContain('payload');
    expect(bound).toMatchObject({ err: { message: 'bound' } });
  });

  it('keeps to its ECS fields: no detail of a driver, which may quote a payload', () => {
    const { logger, raw } = logged();
    const err = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (message)=(payload)',
      where: 'payload',
    });
    logger.error({ err }, 'x');
    expect(raw[0]).toContain('23505');
    expect(raw[0]).not.toContain('payload');
  });

  it('shows each of several, and ends with a chain that bites its tail', () => {
    const { logger, lines } = logged();
    logger.error({ err: new AggregateError([new Error('first'), new Error('second')], 'both') }, 'x');
    const ring: Error & { cause?: unknown } = new Error('ring');
    ring.cause = ring;
    logger.error({ err: ring }, 'x');
    const bare = new Error('bare');
    delete bare.stack;
    logger.error({ err: bare }, 'x');
    expect(lines()[0]?.error?.stack_trace).toMatch(/Caused by: Error: first[^]*Caused by: Error: second/);
    expect(lines()[1]?.error?.stack_trace.match(/Caused by/g)).toHaveLength(8);
    expect(lines()[2]?.error?.stack_trace).toBe('Error: bare');
  });
});

describe('secrets', () => {
  const secret = 'hunter2-Zq9';
  const url = `postgres://destroyer:${secret}@db/emitter`;

  it.each<[string, (log: ReturnType<typeof logged>['logger']) => void]>([
    ['a field', (log) => log.info({ password: secret }, 'x')],
    ['a field far below', (log) => log.info({ a: { b: [{ c: { accessToken: secret } }] } }, 'x')],
    ['an object under a secret name', (log) => log.info({ credentials: { user: secret } }, 'x')],
    ['a field with a dotted name', (log) => log.info({ 'http.request.headers.authorization': secret }, 'x')],
    ["a child's bindings", (log) => log.child({ password: secret }).info('x')],
    ["a child's URL", (log) => log.child({ url }).info('x')],
    ['the message', (log) => log.info(`connecting to ${url}`)],
    ["the message's parts", (log) => log.info('connecting to %s with %j', url, { password: secret })],
    ['a URL in a field', (log) => log.info({ config: { databaseUrl: url } }, 'x')],
    ["an error's message", (log) => log.error({ err: new Error(`cannot parse host=db password=${secret}`) }, 'x')],
    ["an error's stack", (log) => log.error(new Error(`invalid connection string ${url}`))],
    [
      'a cause of a cause',
      (log) => {
        const cause = new Error('middle', { cause: new Error(`getaddrinfo ENOTFOUND ${url}`) });
        log.error({ err: new EmitterError('INTERNAL', 'outer', { cause }) }, 'x');
      },
    ],
    ['one of several errors', (log) => log.error({ err: new AggregateError([new Error(url)], 'all') }, 'x')],
    [
      "a driver's own properties",
      (log) => log.error({ err: Object.assign(new Error('x'), { input: url, client: { password: secret } }) }, 'x'),
    ],
    [
      'an error under another name',
      (log) => log.error({ reason: Object.assign(new Error(url), { config: { password: secret } }) }, 'x'),
    ],
    ['text thrown', (log) => log.error({ err: `no route to ${url}` }, 'x')],
    ['a header', (log) => log.info({ headers: [`Authorization: Bearer ${secret}`] }, 'x')],
    [
      'a private key',
      (log) => log.info({ pem: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----` }, 'x'),
    ],
  ])('never appear: in %s', (_, log) => {
    const { logger, raw } = logged();
    log(logger);
    expect(raw).toHaveLength(1);
    expect(raw[0]).not.toContain(secret);
    expect(() => JSON.parse(raw[0] ?? '') as unknown).not.toThrow();
  });

  it('never appear, whatever they are made of', () => {
    const password = fc.stringMatching(/^[!-~]{10,24}$/).filter((text) => !/["'\\*]/.test(text));
    fc.assert(
      fc.property(password, (some) => {
        const { logger, raw } = logged();
        logger.error(
          { err: new Error(`cannot connect to postgres://u:${some}@db/x`), password: some },
          `password=${some}`,
        );
        logger.info({ dsn: `host=db password='${some}' port=1`, json: JSON.stringify({ password: some }) }, 'x');
        expect(raw.join('')).not.toContain(JSON.stringify(some).slice(1, -1));
      }),
    );
  });
});

describe('long values', () => {
  it('are cut: texts, arrays, bytes, depth', () => {
    const { logger, raw, lines } = logged();
    let deep: unknown = 'end';
    for (let level = 0; level < 20; level++) {
      deep = { deep };
    }
    logger.info(
      { text: 'x'.repeat(20_000), items: Array.from({ length: 500 }, (_, n) => n), deep, nothing: null },
      'y'.repeat(9_000),
    );
    logger.info({ payload: Buffer.from('payload') }, 'bytes');
    const [long, bytes] = lines();
    expect(raw[0]?.length).toBeLessThan(8_000);
    expect(long?.text).toBe(`${'x'.repeat(2_048)}… [17952 more characters]`);
    expect(long?.message).toMatch(/… \[6952 more characters\]$/);
    expect(long?.items).toHaveLength(51);
    expect((long?.items as unknown[])[50]).toBe('[450 more]');
    expect(JSON.stringify(long?.deep)).toContain('[deeper]');
    expect(long?.nothing).toBeNull();
    expect(bytes?.payload).toBe('[7 bytes]');
  });

  it('leave stacks long enough to be of use', () => {
    const { logger, lines } = logged();
    const err = new Error('x');
    err.stack = `Error: x\n${'    at f (file.ts:1:1)\n'.repeat(500)}`;
    logger.error({ err }, 'password: x');
    expect(lines()[0]?.error?.stack_trace.length).toBeGreaterThan(10_000);
  });
});

describe('silentLogger', () => {
  it('logs nothing', () => {
    expect(silentLogger().isLevelEnabled('fatal')).toBe(false);
  });
});

describe('traceFields', () => {
  it.each([
    undefined,
    '',
    'garbage',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  ])('gives none for %p', (traceparent) => {
    expect(traceFields(traceparent)).toEqual({});
  });
});
