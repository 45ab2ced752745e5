/**
 * Alarms of what lasts, such as a queue that is too long: raised once when it begins, and told once when it is over.
 * Whoever watches decides when that is; this is the list of what stands.
 */
import type { Alarms, NewAlarm } from './alarms';
import type { Clock } from './clock';

export interface StandingAlarm {
  /** What it is about, such as `queue-length/support`; never two with the same. */
  readonly key: string;
  readonly sinceMs: number;
  readonly alarm: NewAlarm;
}

export interface StandingAlarmsDeps {
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export class StandingAlarms {
  private readonly standing = new Map<string, StandingAlarm>();

  constructor(private readonly deps: StandingAlarmsDeps) {}

  /** Does nothing when it stands already. */
  raise(key: string, alarm: NewAlarm): void {
    if (this.standing.has(key)) return;
    this.standing.set(key, { key, sinceMs: this.deps.clock.nowMs(), alarm });
    this.deps.alarms.raise({ ...alarm, condition: { key, state: 'raised' } });
  }

  /** Does nothing when it does not stand. */
  clear(key: string, over: Omit<NewAlarm, 'severity'>): void {
    if (!this.standing.delete(key)) return;
    this.deps.alarms.raise({ ...over, severity: 'info', condition: { key, state: 'over' } });
  }

  has(key: string): boolean {
    return this.standing.has(key);
  }

  /** The oldest first. */
  list(): readonly StandingAlarm[] {
    return [...this.standing.values()];
  }
}
