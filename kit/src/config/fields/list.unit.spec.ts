import { integer } from './integer';
import { list } from './list';
import { text } from './text';

describe('list', () => {
  const numbers = list(integer({ doc: '', min: 0, max: 10 }), { doc: '', default: [1, 2] });

  it('parts a text at its commas', () => {
    expect(numbers.read('1, 2,3')).toEqual({ ok: true, value: [1, 2, 3] });
  });

  it('leaves an element whole', () => {
    expect(list(text({ doc: '' }), { doc: '' }).readPart('one, two')).toEqual({ ok: true, value: ['one, two'] });
  });

  it('names the element that is wrong', () => {
    expect(numbers.read('1,x')).toMatchObject({ problem: 'item 2 must be a whole number, 0 to 10, not "x"' });
    expect(numbers.read('x')).toMatchObject({ problem: 'must be a whole number, 0 to 10, not "x"' });
  });

  it('joins what was given apart, and shows it', () => {
    expect(numbers.join([[1], [2, 3]])).toEqual([1, 2, 3]);
    expect(numbers.show([1, 2, 3])).toBe('1,2,3');
    expect(numbers.defaultText).toBe('1,2');
  });
});
