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

/** Every second coefficient beside the centre is zero: these are the others, from the edge to the other edge. */
const SIDES = COEFFICIENTS.filter((_, index) => index % 2 === 0);
const CENTRE = COEFFICIENTS[HALF_WIDTH] ?? 0;

/** The filter without its centre, over every `step`th sample from `start` on. */
function sides(line: Int16Array, start: number, step: number): number {
  let sum = 0;
  for (let tap = 0, at = start; tap < SIDES.length; tap += 1, at += step) sum += (SIDES[tap] ?? 0) * (line[at] ?? 0);
  return sum;
}

/** Keeps the samples that the filter still needs in front of the next frame. */
class Line {
  private readonly past: Int16Array;

  constructor(length: number) {
    this.past = new Int16Array(length);
  }

  with(samples: Int16Array): Int16Array {
    const line = new Int16Array(this.past.length + samples.length);
    line.set(this.past);
    line.set(samples, this.past.length);
    this.past.set(line.subarray(line.length - this.past.length));
    return line;
  }
}

/** With a zero between every two samples the filter's sides make the one kind of samples, its centre the other. */
class Doubler implements StreamResampler {
  private readonly line = new Line(SIDES.length - 1);

  process(samples: Int16Array): Int16Array {
    const line = this.line.with(samples);
    const result = new Int16Array(samples.length * 2);
    for (let index = 0; index < samples.length; index += 1) {
      result[index * 2] = clip(2 * sides(line, index, 1));
      result[index * 2 + 1] = clip(2 * CENTRE * (line[index + SIDES.length / 2] ?? 0));
    }
    return result;
  }
}

class Halver implements StreamResampler {
  private readonly line = new Line(2 * HALF_WIDTH);

  process(samples: Int16Array): Int16Array {
    const line = this.line.with(samples);
    const result = new Int16Array(samples.length >> 1);
    for (let index = 0; index < result.length; index += 1) {
      const start = index * 2;
      result[index] = clip(sides(line, start, 2) + CENTRE * (line[start + HALF_WIDTH] ?? 0));
    }
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
