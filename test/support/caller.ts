/** The project's own caller with a tone for a voice, and ears that answer by spectrum. */
import { placeTestCall } from '../../infra/caller/test-call';
import type { TestCall, TestCallOptions } from '../../infra/caller/test-call';
import { fromPcm16, hearsTone, tone, toPcm16 } from './spectrum';
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

export const untilHearsTone = (call: TestCall, frequencyHz: number, timeoutMs = 5000): Promise<unknown> =>
  until(`the caller to hear ${frequencyHz} Hz`, () => hearsTone(lastHeard(call, 300), frequencyHz), timeoutMs);
