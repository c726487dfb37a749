import fc from 'fast-check';
import { duration, showDuration } from './duration';

const day = 86_400_000;

describe('duration', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['2d', 2 * day],
    ['0ms', 0],
  ])('reads %s as %d milliseconds', (written, value) => {
    expect(duration({ doc: '' }).read(written)).toEqual({ ok: true, value });
  });

  it.each(['', 's', '-1s', '1 s', '1,5s', '1y', '1e3s', '.5s'])('refuses %p', (written) => {
    expect(duration({ doc: '' }).read(written).ok).toBe(false);
  });

  it('says what a bare number lacks', () => {
    expect(duration({ doc: '' }).read('30')).toMatchObject({
      problem: 'must be a duration such as 500ms, 2s, 5m or 1h, not "30"; write the unit: 30ms or 30s',
    });
  });

  it('names its bounds, both included', () => {
    const field = duration({ doc: '', min: '1s', max: '1m' });
    expect(field.read('1s').ok).toBe(true);
    expect(field.read('60s').ok).toBe(true);
    expect(field.read('999ms')).toMatchObject({
      problem: 'must be a duration such as 500ms, 2s, 5m or 1h, at least 1s, at most 1m, not "999ms"',
    });
    expect(field.read('61s').ok).toBe(false);
  });

  it('goes no further than a timer can wait, unless told to', () => {
    expect(duration({ doc: '' }).read('24d').ok).toBe(true);
    expect(duration({ doc: '' }).read('25d')).toMatchObject({ problem: 'must be at most 24d, not "25d"' });
    expect(duration({ doc: '', max: '3650d' }).read('365d')).toEqual({ ok: true, value: 365 * day });
  });

  it('shows what it reads', () => {
    const field = duration({ doc: '', max: '3650d' });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3650 * day }), (value) => {
        expect(field.read(showDuration(value))).toEqual({ ok: true, value });
      }),
    );
    expect(duration({ doc: '', default: '90s' }).defaultText).toBe('90s');
    expect(duration({ doc: '', default: '120s' }).defaultText).toBe('2m');
  });

  it('refuses a bound in the declaration that is no duration', () => {
    expect(() => duration({ doc: '', min: '1e3s' })).toThrow(TypeError);
  });
});
