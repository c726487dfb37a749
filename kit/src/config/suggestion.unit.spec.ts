import fc from 'fast-check';
import { editDistance, nearest, suggestion } from './suggestion';

const names = ['--database-url', '--port', '--health-port', '--log-level'];

describe('suggestion', () => {
  it.each([
    ['--databse-url', '--database-url'],
    ['--databaseUrl', '--database-url'],
    ['DATABASE_URL', '--database-url'],
    ['--prot', '--port'],
    ['--loglevel', '--log-level'],
    ['--health', '--health-port'],
  ])('finds for %s what was meant', (written, meant) => {
    expect(nearest(written, names)).toBe(meant);
  });

  it.each(['--verbose', '--', '-x', ''])('does not guess for %p', (written) => {
    expect(suggestion(written, names)).toBe('');
  });

  it('is a question to add to a message', () => {
    expect(suggestion('--prt', names)).toBe('; did you mean --port?');
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['kitten', 'sitting', 3],
  ])('%s → %s is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is the same both ways, and no more than the longer length', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
