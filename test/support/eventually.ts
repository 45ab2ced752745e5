import { until } from './wait';

/** Waits until an expectation holds, for tests against the real world; the last failure is thrown when it never does. */
export async function eventually(expectation: () => Promise<void> | void, patienceMs = 30_000): Promise<void> {
  let failure: unknown;
  const holds = async (): Promise<boolean> => {
    try {
      await expectation();
      return true;
    } catch (error) {
      failure = error;
      return false;
    }
  };
  await until('an expectation to hold', holds, patienceMs).catch(() => {
    throw failure;
  });
}
