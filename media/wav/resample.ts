/** Sample-rate conversion by a windowed sinc: for files, once at loading, so quality counts more than speed. */

/** Zero crossings of the sinc on each side. */
const HALF_WIDTH = 16;
/** Share of the narrower band that is kept; the rest is the filter's slope. */
const ROLL_OFF = 0.94;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Blackman's window over [-1, 1]. */
const window = (x: number): number => 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);

/** The same sound at another rate; what the new rate cannot carry is filtered out. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const step = fromHz / toHz;
  const cutoff = ROLL_OFF * Math.min(1, toHz / fromHz);
  const reach = HALF_WIDTH / cutoff;
  const result = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  for (let index = 0; index < result.length; index += 1) {
    const centre = index * step;
    const last = Math.min(samples.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let tap = Math.max(0, Math.ceil(centre - reach)); tap <= last; tap += 1) {
      const distance = tap - centre;
      sum += (samples[tap] ?? 0) * cutoff * sinc(distance * cutoff) * window(distance / reach);
    }
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return result;
}
