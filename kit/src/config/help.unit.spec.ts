import { declareConfig } from './declaration';
import { optional } from './field';
import { boolean, integer, list, oneOf, text } from './fields';
import { helpText } from './help';

describe('helpText', () => {
  it('shows how to call a program and every setting under its heading', () => {
    const declaration = declareConfig(
      'acquire',
      {
        criticality: integer({ doc: 'How bad it is.', min: 0, max: 10, default: 0, group: 'Target' }),
        address: text({ doc: 'Where destroyer listens.', group: 'Connection' }),
        source: optional(text({ doc: 'Who saw it.', minLength: 0, group: 'Target' })),
        json: boolean({ doc: 'Whether to print JSON.', default: false, group: 'Output' }),
        order: oneOf(['new', 'old'], { doc: 'Which first.', default: 'new', group: 'Output' }),
      },
      {
        summary: 'sends a target',
        positionals: {
          message: text({ doc: 'What was seen.' }),
          more: optional(list(text({ doc: '' }), { doc: 'More.' })),
        },
        examples: ['acquire "a message" --criticality 7'],
        variablePrefix: 'EMITTER_',
      },
    );
    expect(helpText(declaration)).toBe(`acquire: sends a target

Usage: acquire <message> [<more>…] [settings]

Arguments
  <message>          What was seen.
                     (text; required)
  <more>             More.
                     (a list, each text)

Target
  --criticality N    How bad it is.
                     (a whole number, 0 to 10; default 0; EMITTER_CRITICALITY)
  --source TEXT      Who saw it.
                     (text; EMITTER_SOURCE)

Connection
  --address TEXT     Where destroyer listens.
                     (text; required; EMITTER_ADDRESS)

Output
  --json, --no-json  Whether to print JSON.
                     (default false; EMITTER_JSON)
  --order new|old    Which first.
                     (default new; EMITTER_ORDER)

More
  --config FILE      A JSON file of settings, as { "criticality": … }. It gives way to the
                     environment, and that to flags.
                     (EMITTER_CONFIG)
  --print-config     Prints every setting, its value and where it came from, secrets masked, and
                     ends.
  --version          Prints the version and ends.
  --help, -h         Prints this and ends.

Examples
  acquire "a message" --criticality 7
`);
  });

  it('gives a wide flag a line of its own, and keeps lines within 100 columns', () => {
    const text_ = helpText(
      declareConfig('x', {
        aSettingWithAnExceedinglyLongName: boolean({ doc: 'word '.repeat(60).trim(), default: true }),
        empty: text({ doc: 'Nothing.', minLength: 0, default: '' }),
      }),
    );
    expect(text_).toContain(
      '\n  --a-setting-with-an-exceedingly-long-name, --no-a-setting-with-an-exceedingly-long-name\n    ',
    );
    expect(text_).toContain('default empty');
    expect(Math.max(...text_.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('can do without any setting', () => {
    expect(helpText(declareConfig('x', {}))).toContain('as { "setting": … }');
  });
});
