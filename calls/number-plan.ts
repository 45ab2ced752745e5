/**
 * The numbers that callers dial, with what may follow them: direct dial-in numbers (`suffix` digits after ours) and
 * numbers that come digit by digit (RFC 3578: what is not complete yet is answered 484, and dialled again longer).
 */

export interface PlannedNumber {
  readonly number: string;
  /** How many digits may, or must, follow the number; none when absent. */
  readonly suffix?: { readonly min: number; readonly max: number } | undefined;
}

export type NumberMatch =
  /** One of ours, with the digits that were dialled beyond it. */
  | { readonly kind: 'complete'; readonly number: string; readonly suffix: string }
  /** More digits may make it one of ours. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'unknown' };

export class NumberPlan {
  private readonly numbers = new Map<string, PlannedNumber>();
  private readonly beginnings = new Set<string>();

  constructor(numbers: Iterable<PlannedNumber>) {
    for (const planned of numbers) {
      this.numbers.set(planned.number, planned);
      for (let length = 1; length < planned.number.length; length += 1) {
        this.beginnings.add(planned.number.slice(0, length));
      }
    }
  }

  /** The longest number of ours that `dialled` is, or begins with. */
  match(dialled: string): NumberMatch {
    let mayGrow = this.beginnings.has(dialled);
    for (let length = dialled.length; length > 0; length -= 1) {
      const planned = this.numbers.get(dialled.slice(0, length));
      if (!planned) continue;
      const { min, max } = planned.suffix ?? { min: 0, max: 0 };
      const suffix = dialled.slice(length);
      if (suffix.length > max) continue;
      if (suffix.length >= min) return { kind: 'complete', number: planned.number, suffix };
      mayGrow = true;
    }
    return { kind: mayGrow ? 'incomplete' : 'unknown' };
  }
}
