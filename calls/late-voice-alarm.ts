/** The alarm of callers who wait too long for the first voice: stands while there is one, and a while after the last. */
import type { Clock, Timer } from '../base/clock';
import type { StandingAlarms } from '../base/standing-alarms';

/** How long no call may have been late for the alarm to be over. */
export const CALM_MS = 5 * 60_000;

const KEY = 'voice-answer';

export interface LateVoiceAlarmDeps {
  readonly clock: Clock;
  readonly standing: Pick<StandingAlarms, 'raise' | 'clear'>;
  readonly limitMs: number;
}

export class LateVoiceAlarm {
  private calm: Timer | undefined;
  /** Since it was raised. */
  private calls = 0;

  constructor(private readonly deps: LateVoiceAlarmDeps) {}

  /** @param number who calls. */
  late(number: string): void {
    const { clock, standing } = this.deps;
    const seconds = Math.round(this.deps.limitMs / 1_000);
    this.calls += 1;
    standing.raise(KEY, {
      kind: 'voice-late',
      severity: 'critical',
      message: `${number} has heard no voice within ${seconds} s of calling.`,
      details: { number, seconds },
    });
    this.calm?.cancel();
    this.calm = clock.after(CALM_MS, () => this.over(seconds));
  }

  /** Idempotent. */
  close(): void {
    this.calm?.cancel();
    this.calm = undefined;
  }

  private over(seconds: number): void {
    const { calls } = this;
    this.calls = 0;
    this.deps.standing.clear(KEY, {
      kind: 'voice-in-time',
      message: `Callers hear a voice within ${seconds} s again; ${calls} did not.`,
      details: { seconds, calls },
    });
  }
}
