import { chart, merged, table, withFigures, type Results } from '.';

function results(change: Partial<Results> = {}): Results {
  return {
    takenOn: '2026-01-02T03:04:05.000Z',
    quick: false,
    machine: { cpu: 'A & B', cores: 2, memoryMiB: 8_192, kernel: 'Linux 6' },
    versions: { node: 'v20.0.0', postgres: '18.0' },
    settings: {},
    ratios: { a_ratio: 0.5 },
    suites: {
      first: {
        takenOn: '2026-01-02T03:04:05.000Z',
        ratios: { a_ratio: 0.5 },
        settings: { concurrency: 64, list: [1, 2] },
        raw: [],
        figures: [
          { what: 'a_ratio', value: 0.5, unit: '×', bound: { at: 'least', value: 0.4 } },
          { what: 'latency', value: 51, unit: 'ms', bound: { at: 'most', value: 50 } },
          { what: 'calls', value: 12_345.678, unit: '/s' },
        ],
      },
    },
    ...change,
  };
}

describe('the report', () => {
  it('prints a line for each figure, with its bound and whether it held', () => {
    expect(table(results()).split('\n')).toEqual([
      '',
      'first',
      '  a_ratio     0.5 ×   at least 0.4 ✓',
      '  latency      51 ms  at most 50   ✗ not held',
      '  calls    12,346 /s',
    ]);
  });

  it('writes the figures between the markers and leaves the rest alone', () => {
    const page = 'before\n<!-- figures: begin (written by `npm run bench`) -->\nstale\n<!-- figures: end -->\nafter\n';
    const written = withFigures(page, results());
    expect(written).toMatch(/^before\n/);
    expect(written).toMatch(/\nafter\n$/);
    expect(written).not.toContain('stale');
    expect(written).toContain('| a_ratio | 0.5 × | at least 0.4 | ✓ |');
    expect(written).toContain('with concurrency 64, list [1,2].');
    expect(withFigures(written, results())).toBe(written);
    expect(() => withFigures('no markers', results())).toThrow('markers');
  });

  it('draws well-formed bars for the figures that have a bound', () => {
    const svg = chart(results());
    expect(svg).toContain('A &amp; B');
    expect(svg.match(/<rect /g)).toHaveLength(3);
    expect(svg).not.toContain('calls');
    expect(chart(results({ quick: true }))).toContain('smoke run');
  });

  it('keeps the figures of suites that were not taken again', () => {
    const older = results();
    const suite = { takenOn: '', figures: [], settings: {}, raw: [], ratios: { another: 2 } };
    const all = merged(older, results({ suites: { second: suite }, ratios: { another: 2 } }));
    expect(Object.keys(all.suites)).toEqual(['first', 'second']);
    expect(all.ratios).toEqual({ a_ratio: 0.5, another: 2 });
    expect(merged(undefined, older)).toEqual(older);
  });
});
