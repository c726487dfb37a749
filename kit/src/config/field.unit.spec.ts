import { optional } from './field';
import { integer, list, text } from './fields';

describe('optional', () => {
  it('makes a field that may be left out', () => {
    const field = optional(integer({ doc: '', default: 5 }));
    expect(field).toMatchObject({ required: false, defaultText: undefined, defaultValue: undefined });
    expect(field.read('7')).toEqual({ ok: true, value: 7 });
    expect(field.show(7)).toBe('7');
    expect(field.show(undefined)).toBe('');
  });

  it('joins as the field does', () => {
    expect(optional(integer({ doc: '' })).join([1, 2])).toBe(2);
    expect(optional(list(text({ doc: '' }), { doc: '' })).join([['a'], ['b']])).toEqual(['a', 'b']);
  });
});
