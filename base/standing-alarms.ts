/**
 * Alarms of what lasts, such as a queue that is too long: raised once when it begins, and told once when it is over, also
 * when the app was restarted in between. Whoever watches decides when that is; this is the list of what stands.
 */
import type { Alarms, NewAlarm } from './alarms';
import type { Clock, Timer } from './clock';
import type { LastingRecords } from './lasting';

export interface StandingAlarm {
  /** What it is about, such as `queue-length/support`; never two with the same. */
  readonly key: string;
  readonly sinceMs: number;
  readonly alarm: NewAlarm;
}

export interface StandingAlarmsDeps {
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  /** What stood before the restart; without them it is forgotten. */
  readonly records?: Pick<LastingRecords<StandingAlarm>, 'save' | 'remove' | 'takeFound'> | undefined;
}

/** After a restart whoever watches has so long to say whether something still holds. */
export const CONFIRMED_WITHIN_MS = 5 * 60_000;

/** Nothing is watched for so long without being raised or over. */
const KEPT_MS = 30 * 86_400_000;

export class StandingAlarms {
  private readonly standing = new Map<string, StandingAlarm>();
  /** Of before the restart: nobody has said yet whether they still hold. */
  private readonly unconfirmed = new Set<string>();
  private readonly lapse: Timer | undefined;

  constructor(private readonly deps: StandingAlarmsDeps) {
    for (const { id, value } of deps.records?.takeFound() ?? []) {
      this.standing.set(id, value);
      this.unconfirmed.add(id);
    }
    if (this.unconfirmed.size > 0) this.lapse = deps.clock.after(CONFIRMED_WITHIN_MS, () => this.lapseUnconfirmed());
  }

  /** Does nothing when it stands already. */
  raise(key: string, alarm: NewAlarm): void {
    this.unconfirmed.delete(key);
    if (this.standing.has(key)) return;
    const stands = { key, sinceMs: this.deps.clock.nowMs(), alarm };
    this.standing.set(key, stands);
    this.deps.records?.save({ id: key, value: stands, expiresAtMs: stands.sinceMs + KEPT_MS });
    this.deps.alarms.raise({ ...alarm, condition: { key, state: 'raised' } });
  }

  /** Does nothing when it does not stand. */
  clear(key: string, over: Omit<NewAlarm, 'severity'>): void {
    this.unconfirmed.delete(key);
    if (!this.standing.delete(key)) return;
    this.deps.records?.remove(key);
    this.deps.alarms.raise({ ...over, severity: 'info', condition: { key, state: 'over' } });
  }

  has(key: string): boolean {
    return this.standing.has(key);
  }

  /** The oldest first. */
  list(): readonly StandingAlarm[] {
    return [...this.standing.values()].sort((a, b) => a.sinceMs - b.sinceMs);
  }

  /** What stands is kept. Idempotent. */
  close(): void {
    this.lapse?.cancel();
  }

  private lapseUnconfirmed(): void {
    for (const key of [...this.unconfirmed]) {
      const alarm = this.standing.get(key)?.alarm;
      this.clear(key, {
        kind: 'alarm-lapsed',
        message: `An alarm of before the restart was not raised again: ${alarm?.message ?? key}`,
        details: { alarm: alarm?.message ?? key },
      });
    }
  }
}
