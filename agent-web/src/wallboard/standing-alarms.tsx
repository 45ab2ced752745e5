/** The alarms that stand, the gravest first. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { StandingAlarmView } from '../../../api/contract/watch';
import { alarmText } from '../alarms/alarm-text';
import { readStandingAlarms } from '../api/watch';
import { useDeskState } from '../desk/desk-context';
import { useServerNow } from '../desk/use-now';
import { useQueueNames } from '../desk/use-queue-names';
import { formatDuration } from '../i18n/format';

const KEY = 'standing-alarms';
/** They are read again when the event socket tells of an alarm; this is for what it has not told. */
const REFRESH_MS = 30_000;

const GRAVITY = { critical: 0, warning: 1, info: 2 } as const;

const useStanding = (): readonly StandingAlarmView[] | undefined => {
  const { alarms } = useDeskState();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: [KEY], queryFn: readStandingAlarms, refetchInterval: REFRESH_MS });
  const latest = alarms[0]?.id;
  useEffect(() => void queries.invalidateQueries({ queryKey: [KEY] }), [latest, queries]);
  return data && [...data].sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity] || a.sinceMs - b.sinceMs);
};

export const StandingAlarms = () => {
  const { t } = useTranslation();
  const standing = useStanding();
  const nameOfQueue = useQueueNames();
  const nowMs = useServerNow(1000);
  return (
    <section className="standing panel" aria-label={t('wallboard.standing')} data-testid="standing-alarms">
      {standing?.length === 0 && <p className="standing-calm">{t('wallboard.calm')}</p>}
      <ul>
        {standing?.map(({ key, sinceMs, ...alarm }) => (
          <li
            key={key}
            className={`alarm standing-alarm alarm-${alarm.severity}`}
            data-testid="standing-alarm"
            data-key={key}
          >
            <span className="alarm-severity">{t(`alarms.severity.${alarm.severity}`)}</span>
            <span>{alarmText(alarm, t, nameOfQueue)}</span>
            <span className="figures standing-since">
              {t('wallboard.since', { duration: formatDuration(nowMs - sinceMs) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};
