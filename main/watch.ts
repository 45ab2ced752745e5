/** Who watches the center: alarms that stand, alarms of queues, reports, and figures for Prometheus. */
import type { Alarms } from '../base/alarms';
import type { Clock } from '../base/clock';
import { Figures } from '../base/figures';
import type { QueueId } from '../base/ids';
import type { Logger } from '../base/log';
import { StandingAlarms } from '../base/standing-alarms';
import type { WatchDesk } from '../api/watch-ports';
import type { CenterDeps } from '../calls/center';
import { LateVoiceAlarm } from '../calls/late-voice-alarm';
import type { Store } from '../store/connect';
import { DEFAULT_QUEUE_ALARMS } from '../store/queue-alarms';
import type { QueueAlarmSetting, QueueAlarmTerms } from '../store/queue-alarms';
import { openWaitKeeper, queueReports } from './queue-reports';
import { liveSettings } from './settings-editor';

export interface WatchDeps {
  readonly store: Pick<Store, 'queueAlarms' | 'waits'>;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: { readonly voiceAnswerS: number };
}

export interface Watch {
  readonly desk: WatchDesk;
  /** What the center tells of, and is told. */
  readonly center: Required<Pick<CenterDeps, 'voiceAnswer' | 'queueAlarms' | 'keepWait'>>;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** In seconds: fine around what is wanted, and the limit of 20 s among them. */
const VOICE_ANSWER_BOUNDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60];

/** @throws SwitchroomError when the store cannot be read. */
export const openWatch = async (deps: WatchDeps): Promise<Watch> => {
  const { store, alarms, clock } = deps;
  const standing = new StandingAlarms({ alarms, clock });
  const figures = new Figures();
  figures.gauge('switchroom_alarms_standing', 'Alarms that stand.', () => [{ value: standing.list().length }]);
  const voice = watchVoices(deps, { standing, figures });
  const queueAlarms = await liveSettings<QueueAlarmSetting>(store.queueAlarms);
  const waits = await openWaitKeeper(store.waits, deps);
  return {
    desk: { figures, standing, queueAlarms: queueAlarms.editor, reports: queueReports(store.waits) },
    center: {
      voiceAnswer: voice.answer,
      queueAlarms: { standing, termsOf: (queueId) => termsOf(queueAlarms.current(), queueId) },
      keepWait: waits.keep,
    },
    close: async () => {
      voice.close();
      await waits.close();
    },
  };
};

const termsOf = (settings: readonly QueueAlarmSetting[], queueId: QueueId): QueueAlarmTerms =>
  settings.find(({ queues }) => queues.includes(queueId)) ??
  settings.find(({ queues }) => queues.length === 0) ??
  DEFAULT_QUEUE_ALARMS;

const watchVoices = (
  { clock, config }: WatchDeps,
  { standing, figures }: { readonly standing: StandingAlarms; readonly figures: Figures },
): { readonly answer: NonNullable<CenterDeps['voiceAnswer']>; close(): void } => {
  const limitMs = config.voiceAnswerS * 1_000;
  const alarm = new LateVoiceAlarm({ clock, standing, limitMs });
  const waits = figures.histogram('switchroom_voice_answer_seconds', {
    help: 'From the arrival of a call to the first voice that its caller hears.',
    bounds: VOICE_ANSWER_BOUNDS,
  });
  let late = 0;
  figures.counter('switchroom_voice_answer_late_total', 'Calls whose callers heard no voice in time.', () => [
    { value: late },
  ]);
  return {
    answer: {
      limitMs,
      onHeard: (waitMs) => waits.observe(waitMs / 1_000),
      onLate: ({ identity }) => {
        late += 1;
        alarm.late(identity.number);
      },
    },
    close: () => alarm.close(),
  };
};
