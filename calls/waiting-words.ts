/** What a caller who waits is told, in words: the place in the queue, and the wait as a range of minutes. */
import { readOut } from '../flows/reading/read-out';
import type { PlaySource } from '../media/ports';
import type { ToldWait } from '../store/queue-notes';

const MINUTE_MS = 60_000;
/** Above this many minutes a range is said in steps of five: nobody believes more. */
const COARSE_FROM_MINUTES = 10;
const COARSE_MINUTES = 5;
/** More is "more than an hour". */
const MOST_MINUTES = 60;

/** Whole minutes; `toMinutes` is at least 1 and more than `fromMinutes`. */
export interface SpokenRange {
  readonly fromMinutes: number;
  /** Undefined: more than an hour. */
  readonly toMinutes: number | undefined;
}

/** The range as it is said, never narrower than the one that is expected. */
export const spokenRange = ({ fromMs, toMs }: Pick<ToldWait, 'fromMs' | 'toMs'>): SpokenRange => {
  const toMinutes = Math.max(1, Math.ceil(toMs / MINUTE_MS));
  const step = toMinutes > COARSE_FROM_MINUTES ? COARSE_MINUTES : 1;
  const from = Math.floor(fromMs / MINUTE_MS / step) * step;
  if (from >= MOST_MINUTES) return { fromMinutes: MOST_MINUTES, toMinutes: undefined };
  const to = Math.max(from + step, Math.ceil(toMinutes / step) * step);
  return { fromMinutes: from, toMinutes: to };
};

/** What was promised by saying it, for the history. */
export const promiseOf = (range: SpokenRange, wait: ToldWait): ToldWait => ({
  fromMs: range.fromMinutes * MINUTE_MS,
  toMs:
    range.toMinutes === undefined ? Math.max(wait.toMs, range.fromMinutes * MINUTE_MS) : range.toMinutes * MINUTE_MS,
  likelyMs: wait.likelyMs,
});

interface Words {
  readonly pieces: readonly string[];
  readonly text: string;
}

/** A recording with what it says, or words of a number. */
type Part = { readonly name: string; readonly text: string } | Words;

const isChinese = (language: string): boolean => language.startsWith('zh');

const number = (language: string, value: number, kind: 'number' | 'ordinal' = 'number'): Words => {
  // Two of something is not the digit two.
  if (isChinese(language) && kind === 'number' && value === 2) return { pieces: ['liang'], text: '两' };
  const read = readOut({ kind, value: String(value), language });
  return read.ok ? read.value : { pieces: [], text: String(value) };
};

const sentence = (language: string, parts: readonly Part[]): PlaySource => ({
  kind: 'phrase',
  language,
  pieces: parts.flatMap((part) => ('name' in part ? [part.name] : part.pieces)),
  text: parts.map(({ text }) => text).join(isChinese(language) ? '' : ' '),
});

export const sayPosition = (language: string, position: number): PlaySource => {
  const zh = isChinese(language);
  if (position <= 1) {
    return sentence(language, [{ name: 'queue-next', text: zh ? '您是下一位。' : 'You are next in the queue.' }]);
  }
  return zh
    ? sentence(language, [
        { name: 'queue-position', text: '您目前排在' },
        number(language, position, 'ordinal'),
        { name: 'queue-position-end', text: '位。' },
      ])
    : sentence(language, [
        { name: 'queue-position', text: 'You are number' },
        number(language, position),
        { name: 'queue-position-end', text: 'in the queue.' },
      ]);
};

export const sayWait = (language: string, { fromMinutes, toMinutes }: SpokenRange): PlaySource => {
  const zh = isChinese(language);
  if (toMinutes === undefined) {
    return sentence(language, [
      { name: 'queue-wait-hour', text: zh ? '预计等待超过一小时。' : 'Your wait will be more than one hour.' },
    ]);
  }
  const minutes = { name: 'queue-wait-minutes', text: zh ? '分钟。' : toMinutes === 1 ? 'minute.' : 'minutes.' };
  if (fromMinutes === 0) {
    return sentence(language, [
      { name: 'queue-wait-below', text: zh ? '预计等待不超过' : 'Your wait will be less than' },
      number(language, toMinutes),
      minutes,
    ]);
  }
  return sentence(language, [
    { name: 'queue-wait-between', text: zh ? '预计等待' : 'Your wait will be between' },
    number(language, fromMinutes),
    { name: 'queue-wait-and', text: zh ? '到' : 'and' },
    number(language, toMinutes),
    minutes,
  ]);
};
