import { declareConfig } from './declaration';
import { boolean, port, secretFile, text } from './fields';

describe('declareConfig', () => {
  it('gives each setting its three names', () => {
    const { fields } = declareConfig('x', {
      databaseUrl: text({ doc: '' }),
      databasePassword: secretFile({ doc: '' }),
      port: port({ doc: '' }),
    });
    expect(fields.map(({ names }) => names)).toEqual([
      { flag: '--database-url', variable: 'DATABASE_URL', key: 'databaseUrl' },
      { flag: '--database-password-file', variable: 'DATABASE_PASSWORD_FILE', key: 'databasePasswordFile' },
      { flag: '--port', variable: 'PORT', key: 'port' },
    ]);
  });

  it('puts the prefix before environment variables only', () => {
    const { fields } = declareConfig('x', { address: text({ doc: '' }) }, { variablePrefix: 'EMITTER_' });
    expect(fields[0]?.names).toEqual({ flag: '--address', variable: 'EMITTER_ADDRESS', key: 'address' });
  });

  it.each([
    ['a flag of every program', { help: text({ doc: '' }) }],
    ['not in camel case', { 'database-url': text({ doc: '' }) }],
    ['the name of the file of a secret', { passwordFile: text({ doc: '' }), password: secretFile({ doc: '' }) }],
    ['the negation of a switch', { tls: boolean({ doc: '' }), noTls: text({ doc: '' }) }],
  ])('refuses a name that is %s', (_, fields) => {
    expect(() => declareConfig('x', fields)).toThrow('has no clear name of its own');
  });

  it('refuses an argument that is named as a setting', () => {
    const message = text({ doc: '' });
    expect(() => declareConfig('x', { message }, { positionals: { message } })).toThrow(TypeError);
  });
});
