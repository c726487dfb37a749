import { answerWithin, patienceMs } from '.';

describe('patience', () => {
  it('is a share of what remains, and at most what is said', () => {
    expect(patienceMs(Infinity, 2_500)).toBe(2_500);
    expect(patienceMs(10_000, 2_500)).toBe(2_500);
    expect(patienceMs(1_000, 2_500)).toBe(800);
    expect(patienceMs(5, 2_500)).toBe(1);
    expect(patienceMs(-5, 2_500)).toBe(1);
  });
});

describe('an answer', () => {
  const late = () => new Error('late');

  it('is the one given in time', async () => {
    await expect(answerWithin(Promise.resolve(7), 1_000, late)).resolves.toBe(7);
    await expect(answerWithin(Promise.reject(new Error('no')), 1_000, late)).rejects.toThrow('no');
  });

  it('is that it is late when none came', async () => {
    await expect(answerWithin(new Promise(() => undefined), 1, late)).rejects.toThrow('late');
  });
});
