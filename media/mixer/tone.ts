/** The sounds that a mix makes by itself. */

export type MixTone = 'entry' | 'exit';

/** Frequencies one after the other: rising for who comes, falling for who goes. */
const STEPS_HZ: Readonly<Record<MixTone, readonly number[]>> = { entry: [660, 880], exit: [880, 660] };
const STEP_MS = 100;
/** -20 dBFS. */
const AMPLITUDE = 3277;
const FADE_MS = 5;

/** PCM16 of the tone. */
export function toneSamples(tone: MixTone, sampleRateHz: number): Int16Array {
  const perStep = (STEP_MS * sampleRateHz) / 1000;
  const fade = (FADE_MS * sampleRateHz) / 1000;
  const samples = new Int16Array(perStep * STEPS_HZ[tone].length);
  STEPS_HZ[tone].forEach((frequencyHz, step) => {
    for (let index = 0; index < perStep; index += 1) {
      const envelope = Math.min(1, index / fade, (perStep - index) / fade);
      const phase = (2 * Math.PI * frequencyHz * index) / sampleRateHz;
      samples[step * perStep + index] = Math.round(AMPLITUDE * envelope * Math.sin(phase));
    }
  });
  return samples;
}
