import { BackOff } from './back-off';
import { Bell } from './bell';
import { pause } from './pause';

describe('a back-off', () => {
  it('doubles from 50 ms to 5 s, and begins anew', () => {
    const backOff = new BackOff(() => 1);
    const waits = Array.from({ length: 12 }, () => backOff.next());
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000]);
    backOff.reset();
    expect(backOff.next()).toBe(50);
  });

  it('waits at least half of it', () => {
    expect(new BackOff(() => 0).next()).toBe(25);
  });
});

describe('a bell', () => {
  it('wakes who waits, and keeps a ring for who comes later', async () => {
    const bell = new Bell();
    const waiting = bell.heard(60_000);
    bell.ring();
    await waiting;
    await bell.heard(60_000);
    bell.reset();
    const began = performance.now();
    await bell.heard(30);
    expect(performance.now() - began).toBeGreaterThan(20);
  });
});

describe('a pause', () => {
  it('ends by itself, or with any of its signals', async () => {
    const began = performance.now();
    await pause(1, new AbortController().signal);
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = pause(60_000, one.signal, two.signal);
    two.abort();
    await waiting;
    await pause(60_000, one.signal, two.signal);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
