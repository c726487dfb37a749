import { storableText } from './storable-text';

describe('a text for Postgres', () => {
  it.each([
    ['plain \u{1F31A}', 'plain \u{1F31A}'],
    ['a\0b\0', 'a\uFFFDb\uFFFD'],
    ['\ud800x', '\uFFFDx'],
    ['', ''],
  ])('is %j as %j', (given, stored) => {
    expect(storableText(given)).toBe(stored);
  });
});
