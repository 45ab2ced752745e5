/** When customers may be called back: periods of absolute time, worked out from wall clocks outside of the core. */
import { NEVER_MS } from './index/deadlines';
import type { CallbackHours, CustomerLeg, Queue } from './model';

type Callback = Extract<CustomerLeg, { kind: 'callback' }>;

/** A week and a day, with a span of each quarter of an hour, and room to spare. */
const MOST_PERIODS = 1000;

/** @returns what is wrong: periods are whole milliseconds, in the order of time, and do not touch. */
export const hoursFault = (hours: CallbackHours): string | undefined => {
  if (hours.length > MOST_PERIODS) return `there are ${hours.length} periods, more than ${MOST_PERIODS}`;
  let beforeMs = -1;
  for (const [fromMs, toMs] of hours) {
    if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs)) return 'periods must be whole milliseconds';
    if (fromMs <= beforeMs || toMs <= fromMs) return `the period ${fromMs}–${toMs} does not come after ${beforeMs}`;
    beforeMs = toMs;
  }
  return undefined;
};

/** From when on the customer may be called, by the queue's hours and by the customer's own; `NEVER_MS` if not at all. */
export const callableFromMs = (queue: Queue, leg: Callback, nowMs: number): number => {
  let atMs = Math.max(nowMs, leg.notBeforeMs);
  // Each turn passes the end of at least one period.
  for (;;) {
    const openMs = openFromMs(leg.hours, openFromMs(queue.callbackHours, atMs));
    if (openMs >= leg.notAfterMs) return NEVER_MS;
    if (openMs === atMs) return atMs;
    atMs = openMs;
  }
};

/**
 * The first moment from now on at which a callback that is tried for `validMs` can be promised, since the queue's hours
 * begin within that time; `NEVER_MS` when none are known.
 */
export const promisableFromMs = (
  { callbackHours }: Pick<Queue, 'callbackHours'>,
  { validMs, nowMs }: { validMs: number; nowMs: number },
): number => {
  const openMs = openFromMs(callbackHours, nowMs);
  return openMs === NEVER_MS ? NEVER_MS : Math.max(nowMs, openMs - validMs + 1);
};

/** Until when it stays so for a customer who may be called now. */
export const callableUntilMs = (queue: Queue, leg: Callback, nowMs: number): number =>
  Math.min(leg.notAfterMs, closedFromMs(queue.callbackHours, nowMs), closedFromMs(leg.hours, nowMs));

const openFromMs = (hours: CallbackHours | undefined, atMs: number): number => {
  if (!hours) return atMs;
  const period = hours.find(([, toMs]) => atMs < toMs);
  return period ? Math.max(atMs, period[0]) : NEVER_MS;
};

const closedFromMs = (hours: CallbackHours | undefined, nowMs: number): number =>
  hours?.find(([, toMs]) => nowMs < toMs)?.[1] ?? NEVER_MS;
