/**
 * Ringing tones of countries, for callers who would hear nothing while a call of ours rings elsewhere: frequencies and
 * rhythms as the supplement to ITU-T E.180 lists them ("Various tones used in national networks").
 */

const SAMPLE_RATE_HZ = 8000;
/** Of one frequency, about -13 dBm0, as E.180 has it from -15 to -5 dBm0; two have the same power together. */
const PEAK = 5000;

interface RingBack {
  readonly frequenciesHz: readonly number[];
  /** Sound and silence in turn, from the beginning of the period to its end. */
  readonly cadenceMs: readonly number[];
}

/** What E.180 recommends, and most of Europe and Asia have: 425 Hz, one second in five. */
const RECOMMENDED: RingBack = { frequenciesHz: [425], cadenceMs: [1000, 4000] };

/** By calling code. */
const BY_COUNTRY: Readonly<Record<string, RingBack>> = {
  '1': { frequenciesHz: [440, 480], cadenceMs: [2000, 4000] },
  '33': { frequenciesHz: [440], cadenceMs: [1500, 3500] },
  '44': { frequenciesHz: [400, 450], cadenceMs: [400, 200, 400, 2000] },
  '61': { frequenciesHz: [400, 450], cadenceMs: [400, 200, 400, 2000] },
  '64': { frequenciesHz: [400, 450], cadenceMs: [400, 200, 400, 2000] },
  '81': { frequenciesHz: [385, 415], cadenceMs: [1000, 2000] },
  '82': { frequenciesHz: [440, 480], cadenceMs: [1000, 2000] },
  '86': { frequenciesHz: [450], cadenceMs: [1000, 4000] },
  '852': { frequenciesHz: [440, 480], cadenceMs: [400, 200, 400, 3000] },
  '886': { frequenciesHz: [440, 480], cadenceMs: [1000, 2000] },
};

/** One period at 8 kHz, to be played in a loop. @param country calling code without a plus. */
export function ringBackTone(country: string | undefined): Int16Array {
  const { frequenciesHz, cadenceMs } = (country === undefined ? undefined : BY_COUNTRY[country]) ?? RECOMMENDED;
  const peak = PEAK / Math.sqrt(frequenciesHz.length);
  const parts = cadenceMs.map((ms, index) => {
    const samples = new Int16Array((ms * SAMPLE_RATE_HZ) / 1000);
    if (index % 2 === 1) return samples;
    return samples.map((_, at) =>
      Math.round(frequenciesHz.reduce((sum, hz) => sum + peak * Math.sin((2 * Math.PI * hz * at) / SAMPLE_RATE_HZ), 0)),
    );
  });
  const period = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => {
    period.set(part, offset);
    return offset + part.length;
  }, 0);
  return period;
}
