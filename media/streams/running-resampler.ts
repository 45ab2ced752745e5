/** Brings sound that goes on and on to another rate, by {@link Resampling}, block by block and without edges. */
import { Resampling } from '../wav/resample';

/** Whole numbers of samples at all rates of MP3, Opus and WAV that are read: blocks of 40 ms. */
const BLOCKS_PER_S = 25;

export const isResampled = (rateHz: number): boolean =>
  rateHz >= 8000 && rateHz <= 96_000 && rateHz % BLOCKS_PER_S === 0;

export class RunningResampler {
  private readonly way: Resampling;
  private readonly blockIn: number;
  private readonly blockOut: number;
  /** What came before the block that is next, that block, and the one behind it, which is not full yet. */
  private line: Int16Array;
  private filled: number;

  /** @param fromHz one for which {@link isResampled} holds, as for `toHz`. */
  constructor(
    readonly fromHz: number,
    toHz: number,
  ) {
    this.way = new Resampling(fromHz, toHz);
    this.blockIn = fromHz / BLOCKS_PER_S;
    this.blockOut = toHz / BLOCKS_PER_S;
    this.line = new Int16Array(3 * this.blockIn);
    this.filled = this.blockIn;
  }

  /** The blocks that are whole by now, with what follows them. */
  process(samples: Int16Array): Int16Array[] {
    const made: Int16Array[] = [];
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + this.line.length - this.filled);
      this.line.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === this.line.length) made.push(this.makeBlock());
    }
    return made;
  }

  private makeBlock(): Int16Array {
    const { line, blockIn, blockOut } = this;
    const result = new Int16Array(2 * blockOut);
    this.way.fill(result, line, { from: blockOut, to: 2 * blockOut });
    this.line = new Int16Array(line.length);
    this.line.set(line.subarray(blockIn));
    this.filled = 2 * blockIn;
    return result.subarray(blockOut);
  }
}
