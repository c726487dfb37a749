/** Milliseconds that only ever go forward, whatever happens to the machine's clock: for every time-out and delay. */
export function monotonicMs(): number {
  return performance.now();
}
