/** From what is typed and chosen above a list to what is asked for. */
import type { Dayjs } from 'dayjs';

export type Days = readonly [Dayjs, Dayjs] | undefined;

/** From the first day's midnight to the last one's, both days included. */
export const timesOf = (days: Days): { fromMs?: number; toMs?: number } =>
  days ? { fromMs: days[0].startOf('day').valueOf(), toMs: days[1].endOf('day').valueOf() } : {};

/** What of a typed or pasted number can be searched for; full-width digits are digits, too. */
export const searchedDigits = (typed: string): string => typed.normalize('NFKC').replace(/[^0-9+*#]/g, '');
