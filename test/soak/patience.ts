/** Waiting in the soak, which must not use up what it measures: it looks seldom. */
import { pause } from '../support/wait';

const LOOK_MS = 40;
/** A question to the product. */
const ASK_AGAIN_MS = 500;

/** Until `is` gives something truthy, which is returned. @throws Error after `timeoutMs`, naming what was awaited. */
export async function until<Value>(
  what: string,
  is: () => Value,
  timeoutMs: number,
): Promise<Exclude<Value, false | null | undefined>> {
  return patiently({ what, timeoutMs, everyMs: LOOK_MS }, is);
}

/** The same, of what the product is asked: half a second lies between two questions. */
export async function untilTold<Value>(
  what: string,
  ask: () => Promise<Value>,
  timeoutMs: number,
): Promise<Exclude<Value, false | null | undefined>> {
  return patiently({ what, timeoutMs, everyMs: ASK_AGAIN_MS }, ask);
}

async function patiently<Value>(
  { what, timeoutMs, everyMs }: { readonly what: string; readonly timeoutMs: number; readonly everyMs: number },
  is: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await is();
    if (value) return value as Exclude<Value, false | null | undefined>;
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await pause(everyMs);
  }
}
