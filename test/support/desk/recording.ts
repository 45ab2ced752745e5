/** A recording to play: the caller's tone on the left, the agent's on the right. */
import { tone, toPcm16 } from '../spectrum';
import { encodeG711 } from '../../../media/codec/g711';
import { writeWav } from '../../../media/wav/wav-header';

const RATE_HZ = 8000;
const DURATION_MS = 2000;

export const toneRecording = (): Buffer => {
  const [caller, agent] = [440, 660].map((frequencyHz) =>
    toPcm16(tone({ frequencyHz, durationMs: DURATION_MS, sampleRateHz: RATE_HZ, amplitude: 0.25 })),
  ) as [Int16Array, Int16Array];
  const frames = Int16Array.from(
    { length: caller.length * 2 },
    (_, at) => (at % 2 === 0 ? caller : agent)[at >> 1] ?? 0,
  );
  return writeWav({ encoding: 'alaw', channels: 2, sampleRateHz: RATE_HZ }, encodeG711('PCMA', frames));
};
