import { cannotListen, EmitterError, errorCodes, errorReference, invalidArgument, toEmitterError } from '.';

describe('EmitterError', () => {
  it('has a code, details and a cause', () => {
    const cause = new Error('why');
    const error = new EmitterError('UNAVAILABLE', 'no answer', { details: { retryAfterMs: 250 }, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'EmitterError',
      code: 'UNAVAILABLE',
      message: 'no answer',
      details: { retryAfterMs: 250 },
      cause,
    });
    expect(new EmitterError('CANCELLED', 'x')).toMatchObject({ details: {} });
    expect('cause' in new EmitterError('CANCELLED', 'x')).toBe(false);
  });
});

describe('invalidArgument', () => {
  it('lists every field in the message and the details', () => {
    const violations = [
      { field: 'targets[0].message', description: 'must be 1 to 1,024 characters' },
      { field: 'targets[0].criticality', description: 'must be 0 to 10' },
    ];
    expect(invalidArgument(violations)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'targets[0].message must be 1 to 1,024 characters; targets[0].criticality must be 0 to 10',
      details: { violations },
    });
  });
});

describe('toEmitterError', () => {
  it('leaves one as it is', () => {
    const error = new EmitterError('OVERLOADED', 'x');
    expect(toEmitterError(error)).toBe(error);
  });

  it.each([new TypeError('secret text'), 'secret text', undefined])(
    'makes INTERNAL of %p, its text kept to the cause',
    (thrown) => {
      const error = toEmitterError(thrown);
      expect(error.code).toBe('INTERNAL');
      expect(error.message).not.toContain('secret text');
      expect(error.cause).toBe(thrown);
    },
  );
});

describe('cannotListen', () => {
  it.each([
    [
      'EADDRINUSE',
      '127.0.0.1',
      'cannot listen for calls on 127.0.0.1:80: another process listens there; choose another port, or 0 for any free one',
    ],
    [
      'EACCES',
      '::1',
      'cannot listen for calls on [::1]:80: this user may not; choose a port from 1024 up, or 0 for any free one',
    ],
    ['ESOMETHING', 'h', 'cannot listen for calls on h:80: listen failed'],
    [undefined, 'h', 'cannot listen for calls on h:80: listen failed'],
  ])('says what to do about %s', (code, host, message) => {
    const cause = Object.assign(new Error('listen failed'), { code });
    expect(cannotListen('calls', host, 80, cause)).toMatchObject({ code: 'CONFIG_INVALID', message, cause });
  });
});

describe('errorReference', () => {
  it('has a row for each code, in the order of the table', () => {
    const rows = errorReference()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1])).toEqual(Object.keys(errorCodes));
    expect(rows[0]).toBe(
      `| \`INVALID_ARGUMENT\` | \`INVALID_ARGUMENT\` | no | ${errorCodes.INVALID_ARGUMENT.meaning} | ${errorCodes.INVALID_ARGUMENT.remedy} |`,
    );
    expect(rows.join('\n')).toContain('| `UNAVAILABLE` | `UNAVAILABLE` | yes |');
  });

  it('has no text that would break the table', () => {
    for (const { meaning, remedy } of Object.values(errorCodes)) {
      expect(`${meaning}${remedy}`).not.toMatch(/[|\n]/);
    }
  });
});
