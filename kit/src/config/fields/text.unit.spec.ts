import { path, text } from './text';

describe('text', () => {
  it('takes any text that is not empty', () => {
    expect(text({ doc: '' }).read('a b')).toEqual({ ok: true, value: 'a b' });
    expect(text({ doc: '' }).read('')).toMatchObject({ ok: false, problem: 'must be text, not empty' });
  });

  it('counts characters, not code units, and names the bounds', () => {
    const field = text({ doc: '', minLength: 2, maxLength: 3 });
    expect(field.read('🎯🎯🎯').ok).toBe(true);
    expect(field.read('🎯')).toMatchObject({ problem: 'must be text of 2 to 3 characters, not "🎯"' });
    expect(field.read('abcd')).toMatchObject({ problem: 'must be text of 2 to 3 characters, not "abcd"' });
  });

  it('says what a text must match in words, and repeats no more than 60 characters of it', () => {
    const field = text({ doc: '', matches: { pattern: /^[a-z]+$/, as: 'lower-case letters' } });
    expect(field.read('ab').ok).toBe(true);
    expect(field.read(`${'A'.repeat(60)}BC`)).toMatchObject({
      problem: `must be lower-case letters, not "${'A'.repeat(60)}…"`,
    });
  });

  it('may be empty when its bound says so', () => {
    expect(text({ doc: '', minLength: 0 }).read('')).toEqual({ ok: true, value: '' });
  });
});

describe('path', () => {
  it('takes what a file system can take', () => {
    expect(path({ doc: '' }).read('./a b/c').ok).toBe(true);
    expect(path({ doc: '' }).read('').ok).toBe(false);
    expect(path({ doc: '' }).read('a\0b').ok).toBe(false);
  });
});
