/** Exact arithmetic for the numbers that a double cannot hold: scaled integers, value = units / 10^scale. */
export interface Scaled {
  units: bigint;
  scale: number;
}

/** Reads decimal notation with an optional exponent, such as Decimal128 and Long print themselves. */
export const parseScaled = (text: string): Scaled | undefined => {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
};

/** The exact value of a finite double: mantissa · 2^exponent, with 2^-n written as 5^n / 10^n. */
const scaledFromDouble = (value: number): Scaled => {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  const mantissa = value < 0 ? -magnitude : magnitude;
  if (exponent >= 0) return { units: mantissa << BigInt(exponent), scale: 0 };
  return { units: mantissa * 5n ** BigInt(-exponent), scale: -exponent };
};

/** The double that is nearest. */
export const nearestDouble = ({ units, scale }: Scaled): number => Number(`${units}e-${scale}`);

/** What is left of `value` when the double is taken away, exactly. */
export const remainder = (value: Scaled, double: number): Scaled => {
  const taken = scaledFromDouble(double);
  const scale = Math.max(value.scale, taken.scale);
  const align = (part: Scaled): bigint => part.units * 10n ** BigInt(scale - part.scale);
  return { units: align(value) - align(taken), scale };
};
