/** Waits until the expectation holds, at most so long (milliseconds); then its own failure is thrown. */
export async function eventually(expectation: () => unknown, ms = 15_000): Promise<void> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > until) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
