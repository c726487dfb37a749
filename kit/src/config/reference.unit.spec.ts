import { declareConfig } from './declaration';
import { optional } from './field';
import { boolean, oneOf, secretFile, text } from './fields';
import { configReference } from './reference';

describe('configReference', () => {
  it('is a page with a section for each declaration and a table for each heading', () => {
    const page = configReference([
      declareConfig(
        'destroyer',
        {
          password: secretFile({ doc: 'The password.', group: 'Read model' }),
          level: oneOf(['a', 'b'], { doc: 'a|b or <c>.', default: 'a' }),
          tls: boolean({ doc: 'Whether.', default: false }),
          zone: optional(text({ doc: 'Where.' })),
          suffix: text({ doc: 'After.', minLength: 0, default: '' }),
        },
        { summary: 'takes targets in' },
      ),
      declareConfig('acquire', {}, { positionals: { message: text({ doc: 'What.' }) } }),
    ]);
    expect(page).toMatch(/^# Configuration\n\nMade from the declarations/);
    expect(page.slice(page.indexOf('## destroyer'))).toBe(`## destroyer

takes targets in

### Read model

| Environment | Flag | JSON key | What it must be | If not given | Meaning |
| --- | --- | --- | --- | --- | --- |
| \`PASSWORD_FILE\` | \`--password-file\` | \`passwordFile\` | the path of a file that holds the secret | required | The password. |

### Settings

| Environment | Flag | JSON key | What it must be | If not given | Meaning |
| --- | --- | --- | --- | --- | --- |
| \`LEVEL\` | \`--level\` | \`level\` | one of a, b | \`a\` | a\\|b or &lt;c>. |
| \`TLS\` | \`--tls\`, \`--no-tls\` | \`tls\` | true or false | \`false\` | Whether. |
| \`ZONE\` | \`--zone\` | \`zone\` | text | not set | Where. |
| \`SUFFIX\` | \`--suffix\` | \`suffix\` | text | default empty | After. |

## acquire

### Arguments

| Argument | What it must be | If not given | Meaning |
| --- | --- | --- | --- |
| &lt;message> | text | required | What. |
`);
  });
});
