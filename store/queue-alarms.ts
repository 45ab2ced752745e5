/** From when on a queue is an alarm, as administrators set it for queues. */
import type { QueueId } from '../base/ids';

/** When it is an alarm that nobody is signed in: never, while somebody waits, or as long as the queue is open. */
export type UnattendedAlarm = 'never' | 'when-waiting' | 'when-open';

/** A limit of 0 is none. */
export interface QueueAlarmTerms {
  /** How long somebody may wait. */
  longestWaitS: number;
  /** How many may wait. */
  length: number;
  /** The least service level of the last minutes, in percent. */
  serviceLevelPercent: number;
  serviceLevelMinutes: number;
  unattended: UnattendedAlarm;
}

export interface QueueAlarmSetting extends QueueAlarmTerms {
  _id: string;
  /** Which queues; all that no other setting names when it is empty. */
  queues: QueueId[];
}

/** Of queues that no setting is about. */
export const DEFAULT_QUEUE_ALARMS: QueueAlarmTerms = {
  longestWaitS: 120,
  length: 30,
  serviceLevelPercent: 60,
  serviceLevelMinutes: 15,
  unattended: 'when-waiting',
};
