/** A radix-2 Fourier transform of one fixed length, for looking at many ears often. */

export class Fft {
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly order: Uint32Array;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;

  /** @param size a power of two. */
  constructor(readonly size: number) {
    const bits = Math.log2(size);
    if (!Number.isInteger(bits)) throw new RangeError(`${size} is no power of two`);
    this.cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
    this.sines = Float64Array.from({ length: size / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / size));
    this.order = Uint32Array.from({ length: size }, (_, index) => reversed(index, bits));
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
  }

  /** The squared magnitude of each frequency from 0 up to half the sample rate; samples that are missing are zero. */
  power(samples: Float64Array): Float64Array {
    const { size, order, real, imaginary } = this;
    for (let index = 0; index < size; index += 1) real[index] = samples[order[index] ?? 0] ?? 0;
    imaginary.fill(0);
    for (let half = 1; half < size; half *= 2) this.combine(half);
    return Float64Array.from(
      { length: size / 2 },
      (_, index) => (real[index] ?? 0) ** 2 + (imaginary[index] ?? 0) ** 2,
    );
  }

  /** One stage: pairs of transforms of this length become one of twice the length. */
  private combine(half: number): void {
    const { size, real, imaginary, cosines, sines } = this;
    const step = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half)
      for (let index = 0; index < half; index += 1) {
        const [even, odd] = [start + index, start + index + half];
        const [cosine, sine] = [cosines[index * step] ?? 0, sines[index * step] ?? 0];
        const turnedReal = (real[odd] ?? 0) * cosine + (imaginary[odd] ?? 0) * sine;
        const turnedImaginary = (imaginary[odd] ?? 0) * cosine - (real[odd] ?? 0) * sine;
        real[odd] = (real[even] ?? 0) - turnedReal;
        imaginary[odd] = (imaginary[even] ?? 0) - turnedImaginary;
        real[even] = (real[even] ?? 0) + turnedReal;
        imaginary[even] = (imaginary[even] ?? 0) + turnedImaginary;
      }
  }
}

const reversed = (index: number, bits: number): number => {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) if (index & (1 << bit)) result |= 1 << (bits - 1 - bit);
  return result;
};
