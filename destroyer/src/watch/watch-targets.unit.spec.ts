import { cutToSize } from './watch-targets';

const row = (id: string, length: number) => ({
  storedIn: '1',
  id,
  message: 'x'.repeat(length),
  criticality: 1,
  source: '',
  updatedOn: null,
});

describe('rows for a watch', () => {
  it('are cut into messages of at most 1 MiB, in order', () => {
    const rows = Array.from({ length: 25 }, (_, place) => row(String(place), 100_000));
    const parts = cutToSize(rows);
    expect(parts.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(parts.flat()).toEqual(rows);
  });

  it('make no message when there are none', () => {
    expect(cutToSize([])).toEqual([]);
  });
});
