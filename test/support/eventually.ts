/** Waits until an expectation holds, for tests against the real world; the last failure is thrown when it never does. */
export async function eventually(expectation: () => Promise<void> | void, patienceMs = 8_000): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
