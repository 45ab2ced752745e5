/** The latest alarms, and which of them nobody has looked at in this browser. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AlarmView } from '../../../api/contract/security';
import { useObservable } from '../api/observable';
import { readAlarms } from '../api/resources';
import { readSetting, writeSetting } from '../api/settings';
import { useDesk, useDeskState } from '../desk/desk-context';
import { countNew, mergeAlarms } from './alarm-list';

const ALARMS_KEY = 'alarms';
const SEEN_SETTING = 'alarms-seen';

const readSeen = (): number => {
  const atMs = Number(readSetting(SEEN_SETTING) ?? 0);
  return Number.isFinite(atMs) ? atMs : 0;
};

export interface AlarmBook {
  readonly alarms: readonly AlarmView[];
  readonly error: Error | null;
  readonly newCount: number;
  /** The time of the latest alarm that was seen. */
  readonly seenAtMs: number;
  /** Nothing is new any more. */
  markSeen(): void;
}

export const useAlarms = (): AlarmBook => {
  const { link } = useDesk();
  const { alarms: told } = useDeskState();
  const live = useObservable(link.status).kind === 'open';
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: [ALARMS_KEY], queryFn: readAlarms });
  const [seenAtMs, setSeenAtMs] = useState(readSeen);
  useEffect(() => {
    // Whatever was raised before the connection stood is in the list only.
    if (live) void queries.invalidateQueries({ queryKey: [ALARMS_KEY] });
  }, [live, queries]);
  const alarms = mergeAlarms(data ?? [], told);
  const markSeen = (): void => {
    const latestMs = alarms[0]?.atMs ?? 0;
    if (latestMs <= seenAtMs) return;
    setSeenAtMs(latestMs);
    writeSetting(SEEN_SETTING, String(latestMs));
  };
  return { alarms, error, newCount: countNew(alarms, seenAtMs), seenAtMs, markSeen };
};
