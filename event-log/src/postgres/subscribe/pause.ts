/** Waits, but no longer than until one of the signals is aborted. */
export async function pause(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) {
    return;
  }
  await new Promise<void>((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      for (const signal of signals) {
        signal.removeEventListener('abort', over);
      }
      resolve();
    };
    const timer = setTimeout(over, ms);
    for (const signal of signals) {
      signal.addEventListener('abort', over, { once: true });
    }
  });
}
