/** Alarms as a list that two sources fill: what was read, and what the event socket has told since. */
import type { AlarmView } from '../../../api/contract/security';

/** More than anybody reads; the rest is in the log. */
export const MOST_ALARMS = 50;

/** Both lists as one without doubles, the latest first. */
export const mergeAlarms = (read: readonly AlarmView[], told: readonly AlarmView[]): AlarmView[] => {
  const byId = new Map([...read, ...told].map((alarm) => [alarm.id, alarm]));
  return [...byId.values()].sort((a, b) => b.atMs - a.atMs).slice(0, MOST_ALARMS);
};

/** How many came after the latest that was seen. */
export const countNew = (alarms: readonly AlarmView[], seenAtMs: number): number =>
  alarms.filter(({ atMs }) => atMs > seenAtMs).length;
