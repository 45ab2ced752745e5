/** An option's value that is to be a number. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError for a number that cannot be meant. */
export function wholeNumber(option: string, text: string, { least, most }: Bounds): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`--${option} ${text} is no whole number from ${least} to ${most}`);
}
