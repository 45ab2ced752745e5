/** Which days a report is about, in the reader's time zone. Pure. */
export const PRESETS = ['today', 'yesterday', 'week'] as const;
export type Preset = (typeof PRESETS)[number];

/** Days as `YYYY-MM-DD`, both included. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 92;

const two = (value: number): string => String(value).padStart(2, '0');

const dayOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** The day so many days before that of `nowMs`, whatever clocks do in between. */
const daysAgo = (nowMs: number, days: number): string => {
  const now = new Date(nowMs);
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12));
};

export const spanOf = (preset: Preset, nowMs: number): DaySpan => {
  if (preset === 'today') return { from: daysAgo(nowMs, 0), to: daysAgo(nowMs, 0) };
  if (preset === 'yesterday') return { from: daysAgo(nowMs, 1), to: daysAgo(nowMs, 1) };
  return { from: daysAgo(nowMs, 6), to: daysAgo(nowMs, 0) };
};

const midnightOf = (day: string, daysLater: number): number => {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).getTime();
};

const REFRESH_MS = 30_000;
const LONG_REFRESH_MS = 300_000;

/** How soon a report of this time is worth reading again: what is over stays, and a long one costs much for little new. */
export const refreshMsOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }, nowMs: number): number | false => {
  if (toMs <= nowMs) return false;
  return nowMs - fromMs > 2 * DAY_MS ? LONG_REFRESH_MS : REFRESH_MS;
};

/** Undefined where it is none, or longer than a report may be. */
export const millisecondsOf = ({
  from,
  to,
}: DaySpan): { readonly fromMs: number; readonly toMs: number } | undefined => {
  const fromMs = midnightOf(from, 0);
  const toMs = midnightOf(to, 1);
  const isFine = toMs > fromMs && toMs - fromMs <= MOST_DAYS * DAY_MS;
  return isFine ? { fromMs, toMs } : undefined;
};
