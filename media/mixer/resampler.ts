/** Doubles or halves the rate of a running stream by a half-band filter; frames in, frames out, without edges. */

/** Taps on each side of the centre; the transition band is about 600 Hz wide at 16 kHz. */
const HALF_WIDTH = 31;

const COEFFICIENTS = Float64Array.from({ length: 2 * HALF_WIDTH + 1 }, (_, index) => {
  const x = index - HALF_WIDTH;
  const sinc = x === 0 ? 0.5 : Math.sin((Math.PI * x) / 2) / (Math.PI * x);
  const position = index / (2 * HALF_WIDTH);
  return sinc * (0.42 - 0.5 * Math.cos(2 * Math.PI * position) + 0.08 * Math.cos(4 * Math.PI * position));
});

export interface StreamResampler {
  /** A whole number of samples per call; an even one when the rate is halved. */
  process(samples: Int16Array): Int16Array;
}

const clip = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

class Doubler implements StreamResampler {
  private readonly past = new Int16Array(HALF_WIDTH + 1);

  process(samples: Int16Array): Int16Array {
    const line = new Int16Array(this.past.length + samples.length);
    line.set(this.past);
    line.set(samples, this.past.length);
    const result = new Int16Array(samples.length * 2);
    for (let index = 0; index < result.length; index += 1) result[index] = clip(2 * this.at(line, index));
    this.past.set(line.subarray(line.length - this.past.length));
    return result;
  }

  /** The filter over the line with a zero between every two samples: zeros are left out. */
  private at(line: Int16Array, index: number): number {
    let sum = 0;
    for (let tap = index % 2; tap < COEFFICIENTS.length; tap += 2)
      sum += (COEFFICIENTS[tap] ?? 0) * (line[this.past.length + (index - tap) / 2] ?? 0);
    return sum;
  }
}

class Halver implements StreamResampler {
  private readonly past = new Int16Array(2 * HALF_WIDTH);

  process(samples: Int16Array): Int16Array {
    const line = new Int16Array(this.past.length + samples.length);
    line.set(this.past);
    line.set(samples, this.past.length);
    const result = new Int16Array(samples.length >> 1);
    for (let index = 0; index < result.length; index += 1) {
      let sum = 0;
      for (let tap = 0; tap < COEFFICIENTS.length; tap += 1)
        sum += (COEFFICIENTS[tap] ?? 0) * (line[index * 2 + tap] ?? 0);
      result[index] = clip(sum);
    }
    this.past.set(line.subarray(line.length - this.past.length));
    return result;
  }
}

const SAME: StreamResampler = { process: (samples) => samples };

/** Throws a RangeError for rates that are not the same, the double or the half. */
export function createResampler(fromHz: number, toHz: number): StreamResampler {
  if (fromHz === toHz) return SAME;
  if (toHz === fromHz * 2) return new Doubler();
  if (fromHz === toHz * 2) return new Halver();
  throw new RangeError(`sound of ${fromHz} Hz cannot be made one of ${toHz} Hz here`);
}
