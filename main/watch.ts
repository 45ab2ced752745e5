/** Who watches the center: alarms that stand, and figures for Prometheus. */
import type { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import { Figures } from '../base/figures';
import { StandingAlarms } from '../base/standing-alarms';
import type { WatchDesk } from '../api/watch-ports';
import type { CenterDeps } from '../calls/center';
import { LateVoiceAlarm } from '../calls/late-voice-alarm';

export interface WatchDeps {
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly clock: Clock;
  readonly config: { readonly voiceAnswerS: number };
}

export interface Watch {
  readonly desk: WatchDesk;
  readonly voiceAnswer: NonNullable<CenterDeps['voiceAnswer']>;
  close(): void;
}

/** In seconds: fine around what is wanted, and the limit of 20 s among them. */
const VOICE_ANSWER_BOUNDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60];

export const openWatch = ({ alarms, clock, config }: WatchDeps): Watch => {
  const standing = new StandingAlarms({ alarms, clock });
  const figures = new Figures();
  const limitMs = config.voiceAnswerS * 1_000;
  const lateVoice = new LateVoiceAlarm({ clock, standing, limitMs });
  const waits = figures.histogram('switchroom_voice_answer_seconds', {
    help: 'From the arrival of a call to the first voice that its caller hears.',
    bounds: VOICE_ANSWER_BOUNDS,
  });
  let late = 0;
  figures.counter('switchroom_voice_answer_late_total', 'Calls whose callers heard no voice in time.', () => [
    { value: late },
  ]);
  figures.gauge('switchroom_alarms_standing', 'Alarms that stand.', () => [{ value: standing.list().length }]);
  return {
    desk: { figures, standing },
    voiceAnswer: {
      limitMs,
      onHeard: (waitMs) => waits.observe(waitMs / 1_000),
      onLate: ({ identity }) => {
        late += 1;
        lateVoice.late(identity.number);
      },
    },
    close: () => lateVoice.close(),
  };
};
