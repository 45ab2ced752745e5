/** The project's own caller with a tone for a voice, and ears that answer by spectrum. */
import { placeTestCall } from '../../infra/caller/test-call';
import type { TestCall, TestCallOptions } from '../../infra/caller/test-call';
import { fromPcm16, hearsTone, levelDbfs, tone, toPcm16 } from './spectrum';
import { until } from './wait';

export const callWithTone = (
  options: Omit<TestCallOptions, 'voice'> & { readonly toneHz?: number },
): Promise<TestCall> => {
  const { toneHz = 440, ...call } = options;
  const samples = toPcm16(tone({ frequencyHz: toneHz, durationMs: 1000 }));
  return placeTestCall({ ...call, voice: { samples, loop: true } });
};

/** The last `lastMs` that the caller heard, 8 kHz. */
export const lastHeard = (call: TestCall, lastMs: number): Float64Array => fromPcm16(call.heard.slice(-lastMs * 8));

/** Waits until the call is answered; throws with the refusal otherwise. */
export const untilAnswered = async (call: TestCall): Promise<void> => {
  const answered = await call.answered;
  if (!answered.ok) throw new Error(`the call was not answered: ${answered.fault.message}`);
};

export const untilHearsTone = (call: TestCall, frequencyHz: number, timeoutMs = 20_000): Promise<unknown> =>
  until(`the caller to hear ${frequencyHz} Hz`, () => hearsTone(lastHeard(call, 300), frequencyHz), timeoutMs);

const STEP_MS = 100;

/**
 * Waits until some stretch of all that the caller has heard is as wanted, however late a busy machine comes to look: for
 * sound that is soon over.
 */
export const untilHasHeard = (
  call: TestCall,
  wanted: { readonly what: string; readonly windowMs: number; readonly matches: (samples: Float64Array) => boolean },
  timeoutMs = 30_000,
): Promise<unknown> => {
  const { what, windowMs, matches } = wanted;
  let atMs = 0;
  const hasCome = (): boolean => {
    const { heard } = call;
    for (; (atMs + windowMs) * 8 <= heard.length; atMs += STEP_MS)
      if (matches(fromPcm16(heard.slice(atMs * 8, (atMs + windowMs) * 8)))) return true;
    return false;
  };
  return until(`the caller to hear ${what}`, hasCome, timeoutMs);
};

/** The center has said something, also when that is over by now. */
export const untilHasHeardSound = (call: TestCall): Promise<unknown> =>
  untilHasHeard(call, { what: 'sound', windowMs: 300, matches: (samples) => levelDbfs(samples) > -40 });

export const untilHasHeardTone = (call: TestCall, frequencyHz: number): Promise<unknown> =>
  untilHasHeard(call, {
    ...{ what: `${frequencyHz} Hz`, windowMs: 300 },
    matches: (samples) => hearsTone(samples, frequencyHz),
  });
