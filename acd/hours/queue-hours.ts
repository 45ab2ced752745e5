/** Opens and closes queues at the minute at which their calendars say so, and tells when customers may be called back. */
import type { Clock, Timer } from '../../base/clock';
import type { QueueId } from '../../base/ids';
import type { AcdEvent } from '../core/events';
import type { CallbackHours } from '../core/model';
import { isOpenAt, nextBoundaryMs, periodsAhead } from './calendar';
import type { Calendar } from './calendar';

/** Looks at least so often, for the wall clock may be set. */
const LONGEST_WAIT_MS = 600_000;

export interface QueueHoursDeps {
  readonly clock: Clock;
  /**
   * All queues with their calendars as set now; without one a queue is always open, and its customers may be called back
   * at any time.
   */
  readonly queues: () => Iterable<{
    readonly queueId: QueueId;
    readonly calendar: Calendar | undefined;
    readonly callbackCalendar: Calendar | undefined;
  }>;
  /** As the ACD has it; undefined for a queue that it does not know. */
  readonly known: (queueId: QueueId) => KnownHours | undefined;
  readonly dispatch: (
    event: Extract<AcdEvent, { type: 'queue-opened' | 'queue-closed' | 'callback-hours-set' }>,
  ) => void;
}

export interface KnownHours {
  readonly open: boolean;
  readonly callbackHours: CallbackHours | undefined;
}

export class QueueHours {
  private timer: Timer | undefined;
  private closed = false;

  constructor(private readonly deps: QueueHoursDeps) {}

  /** At the start, and after calendars or queues have changed. */
  review(): void {
    if (this.closed) return;
    this.timer?.cancel();
    const nowMs = this.deps.clock.nowMs();
    let waitMs = LONGEST_WAIT_MS;
    // Many queues share a calendar.
    const found = new Map<Calendar, boolean>();
    const periods = new Map<Calendar, CallbackHours>();
    for (const { queueId, calendar, callbackCalendar } of this.deps.queues()) {
      if (calendar && !found.has(calendar)) {
        found.set(calendar, isOpenAt(calendar, nowMs));
        waitMs = Math.min(waitMs, (nextBoundaryMs(calendar, nowMs) ?? Infinity) - nowMs);
      }
      if (callbackCalendar && !periods.has(callbackCalendar))
        periods.set(callbackCalendar, periodsAhead(callbackCalendar, nowMs));
      const known = this.deps.known(queueId);
      if (!known) continue;
      const open = !calendar || found.get(calendar) === true;
      if (known.open !== open) this.deps.dispatch({ type: open ? 'queue-opened' : 'queue-closed', queueId });
      const hours = callbackCalendar && periods.get(callbackCalendar);
      if (!isSame(hours, known.callbackHours, nowMs))
        this.deps.dispatch({ type: 'callback-hours-set', queueId, ...(hours && { hours }) });
    }
    this.timer = this.deps.clock.after(waitMs, () => this.review());
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.timer = undefined;
  }
}

/** What is over makes no difference. The core goes by the periods itself, so that they are told only when they change. */
const isSame = (hours: CallbackHours | undefined, known: CallbackHours | undefined, nowMs: number): boolean =>
  JSON.stringify(hours) === JSON.stringify(known?.filter(([, toMs]) => nowMs < toMs));
