import fc from 'fast-check';
import { integer, port } from './integer';

describe('integer', () => {
  it('reads every whole number within its bounds and no other', () => {
    const field = integer({ doc: '', min: -5, max: 300 });
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (n) => field.read(`${n}`).ok === (n >= -5 && n <= 300)),
    );
  });

  it.each(['', ' 1', '1.5', '1e3', '0x10', '--1', 'ten', 'NaN', '9007199254740993'])('refuses %p', (written) => {
    expect(integer({ doc: '' }).read(written).ok).toBe(false);
  });

  it.each([
    [{ min: 1, max: 9 }, 'a whole number, 1 to 9'],
    [{ min: 1 }, 'a whole number, at least 1'],
    [{ max: 9 }, 'a whole number, at most 9'],
    [{}, 'a whole number'],
  ])('names its bounds %p', (bounds, type) => {
    expect(integer({ doc: '', ...bounds }).read('x')).toMatchObject({ problem: `must be ${type}, not "x"` });
  });
});

describe('port', () => {
  it('takes 0 to 65535', () => {
    expect(port({ doc: '' }).read('0')).toEqual({ ok: true, value: 0 });
    expect(port({ doc: '' }).read('65535').ok).toBe(true);
    expect(port({ doc: '' }).read('65536').ok).toBe(false);
    expect(port({ doc: '' }).read('-1').ok).toBe(false);
  });
});
