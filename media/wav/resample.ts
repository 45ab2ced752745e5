/** Sample-rate conversion by a windowed sinc: for files, once at loading, so quality counts more than speed. */

/** Zero crossings of the sinc on each side. */
const HALF_WIDTH = 16;
/** Share of the narrower band that is kept; the rest is the filter's slope. */
const ROLL_OFF = 0.94;
/** Between two samples of the input so many places have a filter of their own; rates that need more take the nearest. */
const MAX_PHASES = 512;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Blackman's window over [-1, 1]. */
const window = (x: number): number => 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);

const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

/** The way from one rate to another, worked out once: a filter for each place between two samples. */
export class Resampling {
  private readonly filters: Float64Array[];
  private readonly reach: number;

  constructor(
    private readonly fromHz: number,
    private readonly toHz: number,
  ) {
    const cutoff = ROLL_OFF * Math.min(1, toHz / fromHz);
    const width = HALF_WIDTH / cutoff;
    this.reach = Math.ceil(width);
    const phases = Math.min(MAX_PHASES, toHz / divisorOf(fromHz, toHz));
    this.filters = Array.from({ length: phases }, (_, phase) =>
      Float64Array.from({ length: 2 * this.reach + 1 }, (_unused, tap) => {
        const distance = tap - this.reach - phase / phases;
        return Math.abs(distance) > width ? 0 : cutoff * sinc(distance * cutoff) * window(distance / width);
      }),
    );
  }

  lengthOf(samples: Int16Array): number {
    return Math.floor((samples.length * this.toHz) / this.fromHz);
  }

  /** Fills `result` from index `from` up to `to` with what belongs there; the parts may be made in any order. */
  fill(result: Int16Array, samples: Int16Array, { from, to }: { readonly from: number; readonly to: number }): void {
    const { filters, reach } = this;
    for (let index = from; index < to; index += 1) {
      const place = (index * this.fromHz) / this.toHz;
      const rounded = Math.round((place - Math.floor(place)) * filters.length);
      const centre = Math.floor(place) + (rounded === filters.length ? 1 : 0);
      const filter = filters[rounded % filters.length];
      const first = centre - reach;
      const last = Math.min(samples.length - 1, centre + reach);
      let sum = 0;
      for (let at = Math.max(0, first); at <= last; at += 1) sum += (samples[at] ?? 0) * (filter?.[at - first] ?? 0);
      result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
  }
}

/** The same sound at another rate; what the new rate cannot carry is filtered out. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const way = new Resampling(fromHz, toHz);
  const result = new Int16Array(way.lengthOf(samples));
  way.fill(result, samples, { from: 0, to: result.length });
  return result;
}
