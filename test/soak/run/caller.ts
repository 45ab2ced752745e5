/** A caller of the soak: the project's own caller with a tone for a voice and an ear. */
import { placeTestCall } from '../../../infra/caller/test-call';
import type { TestCall } from '../../../infra/caller/test-call';
import { until } from '../patience';
import { Ear } from '../sound/ear';
import { voiceSamples } from '../sound/voices';

export interface SoakCaller {
  readonly call: TestCall;
  readonly ear: Ear;
}

const ANSWER_TIMEOUT_MS = 20_000;

/** Dials, and waits for the answer. @throws Error with the refusal. */
export async function dial(of: { number: string; from: string; port: number; toneHz: number }): Promise<SoakCaller> {
  const { toneHz, ...line } = of;
  const ear = new Ear();
  const call = await placeTestCall({
    ...line,
    codecs: ['PCMA'],
    keepsSound: false,
    voice: { samples: voiceSamples(toneHz), loop: true },
    onAudio: (samples) => ear.take(samples),
  });
  await until(
    'the answer',
    () => call.isAnswered || call.events.some(({ type }) => type === 'ended'),
    ANSWER_TIMEOUT_MS,
  );
  const answered = await call.answered;
  if (!answered.ok) throw new Error(`${of.from} was not answered: ${answered.fault.message}`);
  return { call, ear };
}
