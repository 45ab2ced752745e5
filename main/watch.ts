/** Who watches the center: alarms that stand, alarms of queues, reports, and figures for Prometheus. */
import type { Alarms } from '../base/alarms';
import { BoundedMap } from '../base/bounded-map';
import type { Clock } from '../base/clock';
import { SwitchroomError } from '../base/errors';
import type { QueueId } from '../base/ids';
import type { Logger } from '../base/log';
import { StandingAlarms } from '../base/standing-alarms';
import type { WatchDesk } from '../api/watch-ports';
import type { CenterDeps } from '../calls/center';
import type { Desks } from '../calls/ports';
import { PauseAlarms } from '../calls/pause-alarms';
import { LateVoiceAlarm } from '../calls/late-voice-alarm';
import type { Store } from '../store/connect';
import { DEFAULT_QUEUE_ALARMS } from '../store/queue-alarms';
import type { QueueAlarmSetting, QueueAlarmTerms } from '../store/queue-alarms';
import type { Interaction } from '../store/interaction';
import type { AppStart } from './child-messages';
import type { AppRecords } from './lasting-records';
import { openWaitKeeper, queueReports } from './queue-reports';
import { liveSettings } from './settings-editor';
import { watchFigures } from './watch-figures';
import type { WatchFigures } from './watch-figures';
import { mayReach } from './webhooks/allowed-addresses';
import { createPost } from './webhooks/post';
import { Webhooks } from './webhooks/webhooks';

export interface WatchDeps {
  readonly store: Pick<Store, 'queueAlarms' | 'waits' | 'webhooks'>;
  readonly records: Pick<AppRecords, 'webhookOutbox' | 'standingAlarms'>;
  readonly alarms: Pick<Alarms, 'raise' | 'onRaised'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: Pick<AppStart, 'alarms' | 'webhooks'>;
}

export interface Watch {
  readonly desk: WatchDesk;
  /** What the center tells of, and is told. */
  readonly center: Required<Pick<CenterDeps, 'voiceAnswer' | 'queueAlarms' | 'keepWait'>>;
  /** Webhooks are told of an interaction when it is over. */
  saved(interaction: Interaction): void;
  /** What agents do is told to webhooks, and is an alarm where it lasts too long. */
  follow(desks: Pick<Desks, 'agents' | 'onEvent'>): void;
  /** Writes what still waits. Idempotent. */
  close(): Promise<void>;
}

/** @throws SwitchroomError when the store cannot be read. */
export const openWatch = async (deps: WatchDeps): Promise<Watch> => {
  const { store, alarms, clock } = deps;
  const standing = new StandingAlarms({ alarms, clock, records: deps.records.standingAlarms });
  const figures = watchFigures(() => standing.list().length);
  const webhooks = await openWebhooks(deps, standing);
  const voice = watchVoices(deps, { standing, figures, webhooks });
  let pauses: PauseAlarms | undefined;
  const offAlarms = alarms.onRaised((alarm) =>
    webhooks.tell(alarm.severity === 'info' ? 'alarm.over' : 'alarm.raised', alarm),
  );
  const queueAlarms = await liveSettings<QueueAlarmSetting>(store.queueAlarms);
  const waits = await openWaitKeeper(store.waits, deps);
  return {
    desk: {
      figures: figures.registry,
      standing,
      queueAlarms: queueAlarms.editor,
      reports: queueReports(store.waits),
      webhooks,
    },
    center: {
      voiceAnswer: voice.answer,
      queueAlarms: { standing, termsOf: (queueId) => termsOf(queueAlarms.current(), queueId) },
      keepWait: waits.keep,
    },
    saved: tellOfEnds(webhooks),
    follow: (desks) => {
      desks.onEvent((event) => {
        if (event.type === 'agent') webhooks.tell('agent.changed', event.agent);
      });
      pauses = new PauseAlarms({ clock, standing, desks, limitsMs: limitsMsOf(deps.config.alarms.notReadyMinutes) });
    },
    close: async () => {
      offAlarms();
      standing.close();
      pauses?.close();
      voice.close();
      webhooks.close();
      await waits.close();
    },
  };
};

const limitsMsOf = (minutes: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(minutes).map(([reason, limit]) => [reason, limit * 60_000]));

const openWebhooks = (deps: WatchDeps, standing: StandingAlarms): Promise<Webhooks> => {
  const { store, records, clock, config } = deps;
  const allowed = mayReach(config.webhooks.networks);
  if (!allowed.ok) throw new SwitchroomError(allowed.fault.code, allowed.fault.message);
  const post = createPost({ clock, mayReach: allowed.value });
  return Webhooks.load({ store: store.webhooks, records: records.webhookOutbox, clock, post, standing });
};

/** Interactions are saved again while their wrap-up goes on. */
const MAX_TOLD = 10_000;

const tellOfEnds = (webhooks: Webhooks): Watch['saved'] => {
  const told = new BoundedMap<string, true>(MAX_TOLD);
  return (interaction) => {
    const { _id, endedAtMs, outcome, direction, startedAtMs, answeredAtMs, caller, called, queueId, agentId } =
      interaction;
    if (endedAtMs === undefined || told.get(_id)) return;
    told.set(_id, true);
    webhooks.tell('call.ended', {
      interactionId: _id,
      ...{ direction, startedAtMs, answeredAtMs, endedAtMs },
      ...{ caller: caller.number, called: called.number, queueId, agentId, outcome },
      voiceAnswer: interaction.voiceAnswer,
    });
  };
};

const termsOf = (settings: readonly QueueAlarmSetting[], queueId: QueueId): QueueAlarmTerms =>
  settings.find(({ queues }) => queues.includes(queueId)) ??
  settings.find(({ queues }) => queues.length === 0) ??
  DEFAULT_QUEUE_ALARMS;

const watchVoices = (
  { clock, config }: WatchDeps,
  to: { readonly standing: StandingAlarms; readonly figures: WatchFigures; readonly webhooks: Webhooks },
): { readonly answer: NonNullable<CenterDeps['voiceAnswer']>; close(): void } => {
  const { standing, figures, webhooks } = to;
  const limitMs = config.alarms.voiceAnswerS * 1_000;
  const alarm = new LateVoiceAlarm({ clock, standing, limitMs });
  return {
    answer: {
      limitMs,
      onHeard: (waitMs) => figures.voiceHeard(waitMs),
      onLate: ({ identity: { number, dialledNumber, startedAtMs }, log }) => {
        figures.voiceLate();
        alarm.late(number);
        webhooks.tell('call.voice-late', {
          interactionId: log.interaction._id,
          caller: number,
          called: dialledNumber,
          startedAtMs,
          limitMs,
        });
      },
    },
    close: () => alarm.close(),
  };
};
