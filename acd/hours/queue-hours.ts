/** Opens and closes queues at the minute at which their calendars say so. */
import type { Clock, Timer } from '../../base/clock';
import type { QueueId } from '../../base/ids';
import type { AcdEvent } from '../core/events';
import { isOpenAt, nextBoundaryMs } from './calendar';
import type { Calendar } from './calendar';

/** Looks at least so often, for the wall clock may be set. */
const LONGEST_WAIT_MS = 600_000;

export interface QueueHoursDeps {
  readonly clock: Clock;
  /** All queues with their calendars as set now; without one a queue is always open. */
  readonly queues: () => Iterable<{ readonly queueId: QueueId; readonly calendar: Calendar | undefined }>;
  /** As the ACD has it; undefined for a queue that it does not know. */
  readonly isOpen: (queueId: QueueId) => boolean | undefined;
  readonly dispatch: (event: Extract<AcdEvent, { type: 'queue-opened' | 'queue-closed' }>) => void;
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
    for (const { queueId, calendar } of this.deps.queues()) {
      if (calendar && !found.has(calendar)) {
        found.set(calendar, isOpenAt(calendar, nowMs));
        waitMs = Math.min(waitMs, (nextBoundaryMs(calendar, nowMs) ?? Infinity) - nowMs);
      }
      const open = !calendar || found.get(calendar) === true;
      const known = this.deps.isOpen(queueId);
      if (known !== undefined && known !== open)
        this.deps.dispatch({ type: open ? 'queue-opened' : 'queue-closed', queueId });
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
