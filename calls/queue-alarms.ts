/**
 * The alarms of queues. Each is raised when its limit is reached, and over when there is some way back from it, so that
 * a queue at its limit does not raise one after the other.
 */
import type { NewAlarm } from '../base/alarms';
import type { Clock, Timer } from '../base/clock';
import type { QueueId } from '../base/ids';
import type { StandingAlarms } from '../base/standing-alarms';
import { serviceLevel } from '../acd/metrics';
import type { Counts } from '../acd/metrics';
import type { QueueAlarmTerms } from '../store/queue-alarms';

export const CHECK_EVERY_MS = 2_000;
/** Below this share of a limit it is over. */
const WAY_BACK = 0.8;
/** By so many points the service level must be better. */
const POINTS_BACK = 5;
/** A service level of fewer contacts says nothing. */
export const LEAST_CONTACTS = 10;

/** A queue at this moment. */
export interface QueueLoad {
  readonly queueId: QueueId;
  readonly name: string;
  readonly open: boolean;
  readonly waiting: number;
  readonly oldestWaitingSinceMs?: number | undefined;
  /** Somebody is signed in who may have its contacts. */
  readonly isAttended: boolean;
}

export interface QueueAlarmsDeps {
  readonly clock: Clock;
  readonly standing: Pick<StandingAlarms, 'raise' | 'clear' | 'has'>;
  readonly termsOf: (queueId: QueueId) => QueueAlarmTerms;
  readonly loads: () => readonly QueueLoad[];
  readonly recent: (queueId: QueueId, minutes: number) => Counts;
}

type Verdict = 'raise' | 'clear' | 'as-it-is';

interface Judged {
  readonly about: string;
  readonly verdict: Verdict;
  readonly raised: NewAlarm;
  readonly over: Omit<NewAlarm, 'severity'>;
}

/** A figure that must not be high. */
const judge = (value: number, limit: number): Verdict => {
  if (limit === 0) return 'clear';
  if (value >= limit) return 'raise';
  return value < limit * WAY_BACK ? 'clear' : 'as-it-is';
};

export class QueueAlarms {
  private readonly timer: Timer;

  constructor(private readonly deps: QueueAlarmsDeps) {
    this.timer = deps.clock.every(CHECK_EVERY_MS, () => this.check());
  }

  /** Idempotent. */
  close(): void {
    this.timer.cancel();
  }

  private check(): void {
    const { standing, termsOf, loads } = this.deps;
    for (const load of loads()) {
      const terms = termsOf(load.queueId);
      for (const { about, verdict, raised, over } of this.judgements(load, terms)) {
        const key = `${about}/${load.queueId}`;
        if (verdict === 'raise') standing.raise(key, raised);
        else if (verdict === 'clear') standing.clear(key, over);
      }
    }
  }

  private judgements(load: QueueLoad, terms: QueueAlarmTerms): Judged[] {
    return [
      this.longestWait(load, terms),
      length(load, terms),
      this.serviceLevel(load, terms),
      unattended(load, terms),
    ];
  }

  private longestWait({ queueId, name, oldestWaitingSinceMs }: QueueLoad, { longestWaitS }: QueueAlarmTerms): Judged {
    const nowMs = this.deps.clock.nowMs();
    const seconds = Math.floor((nowMs - (oldestWaitingSinceMs ?? nowMs)) / 1_000);
    return {
      about: 'queue-longest-wait',
      verdict: judge(seconds, longestWaitS),
      raised: {
        kind: 'queue-wait-long',
        severity: 'warning',
        message: `Somebody has waited ${seconds} s in the queue ${name}.`,
        details: { queueId, queue: name, seconds, limit: longestWaitS },
      },
      over: {
        kind: 'queue-wait-short',
        message: `In the queue ${name} nobody waits too long any more.`,
        details: { queueId, queue: name },
      },
    };
  }

  private serviceLevel({ queueId, name }: QueueLoad, terms: QueueAlarmTerms): Judged {
    const { serviceLevelPercent: limit, serviceLevelMinutes: minutes } = terms;
    const counts = this.deps.recent(queueId, minutes);
    const level = counts.offered < LEAST_CONTACTS ? undefined : serviceLevel(counts);
    const percent = level === undefined ? undefined : Math.floor(level * 100);
    return {
      about: 'queue-service-level',
      verdict: levelVerdict(percent, limit),
      raised: {
        kind: 'queue-service-low',
        severity: 'warning',
        message: `The service level of the queue ${name} was ${percent} % in the last ${minutes} minutes.`,
        details: { queueId, queue: name, percent: percent ?? 0, minutes, limit },
      },
      over: {
        kind: 'queue-service-kept',
        message: `The service level of the queue ${name} is above its limit again.`,
        details: { queueId, queue: name },
      },
    };
  }
}

/** Where too few contacts came there is no level, and no alarm. */
const levelVerdict = (percent: number | undefined, limit: number): Verdict => {
  if (percent === undefined || limit === 0) return 'clear';
  if (percent < limit) return 'raise';
  return percent >= Math.min(100, limit + POINTS_BACK) ? 'clear' : 'as-it-is';
};

const length = ({ queueId, name, waiting }: QueueLoad, { length: limit }: QueueAlarmTerms): Judged => ({
  about: 'queue-length',
  verdict: judge(waiting, limit),
  raised: {
    kind: 'queue-long',
    severity: 'warning',
    message: `${waiting} wait in the queue ${name}.`,
    details: { queueId, queue: name, waiting, limit },
  },
  over: {
    kind: 'queue-not-long',
    message: `The queue ${name} is not too long any more.`,
    details: { queueId, queue: name },
  },
});

const unattended = (load: QueueLoad, { unattended: when }: QueueAlarmTerms): Judged => {
  const { queueId, name, open, waiting, isAttended } = load;
  const matters = when === 'when-open' ? open : when === 'when-waiting' && waiting > 0;
  return {
    about: 'queue-unattended',
    verdict: matters && !isAttended ? 'raise' : 'clear',
    raised: {
      kind: 'queue-unattended',
      severity: 'critical',
      message: `Nobody is signed in who could take contacts of the queue ${name}; ${waiting} wait.`,
      details: { queueId, queue: name, waiting },
    },
    over: {
      kind: 'queue-attended',
      message: `The queue ${name} needs nobody any more, or somebody is signed in.`,
      details: { queueId, queue: name },
    },
  };
};
