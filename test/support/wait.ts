/** Waiting in tests that use real sockets. */

export const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Waits until `probe` gives something truthy, which is returned. Throws after `timeoutMs`, naming what was awaited. */
export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
  timeoutMs = 20_000,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value as Exclude<Value, false | null | undefined>;
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await pause(5);
  }
}
