/** For supervisors and administrators: a bell that counts the alarms nobody has looked at, and lists the latest. */
import { BellOutlined } from '@ant-design/icons';
import { Alert, Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlarmView } from '../../../api/contract/security';
import { currentLanguage } from '../i18n';
import { useQueueNames } from '../desk/use-queue-names';
import { faultText } from '../i18n/fault-text';
import { formatClock, formatDay } from '../i18n/format';
import { alarmText } from './alarm-text';
import { useAlarms } from './use-alarms';
import './alarms.css';

const AlarmRow = ({ alarm, isNew }: { readonly alarm: AlarmView; readonly isNew: boolean }) => {
  const { t } = useTranslation();
  const nameOfQueue = useQueueNames();
  const { atMs, severity, kind } = alarm;
  const language = currentLanguage();
  return (
    <li
      className={`alarm alarm-${severity}${isNew ? ' alarm-new' : ''}`}
      data-testid="alarm"
      data-kind={kind}
      data-new={isNew}
    >
      <p className="alarm-head">
        <span className="alarm-severity">{t(`alarms.severity.${severity}`)}</span>
        <time className="figures" dateTime={new Date(atMs).toISOString()}>
          {formatDay(atMs, language)} {formatClock(atMs, language)}
        </time>
      </p>
      <p>{alarmText(alarm, t, nameOfQueue)}</p>
    </li>
  );
};

export const AlarmBell = () => {
  const { t } = useTranslation();
  const { alarms, error, newCount, seenAtMs, markSeen } = useAlarms();
  /** What was seen before the list was opened: those that were new then stay marked until it closes. */
  const [seenBeforeMs, setSeenBeforeMs] = useState<number>();
  const open = seenBeforeMs !== undefined;
  const change = (opening: boolean): void => {
    setSeenBeforeMs(opening ? seenAtMs : undefined);
    markSeen();
  };
  const list = (
    <div className="alarms" data-testid="alarm-list">
      {error && <Alert type="error" showIcon title={faultText(error, t)} />}
      {alarms.length === 0 && !error && <p className="alarms-none">{t('alarms.none')}</p>}
      <ol aria-label={t('alarms.title')}>
        {alarms.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} isNew={alarm.atMs > (seenBeforeMs ?? seenAtMs)} />
        ))}
      </ol>
    </div>
  );
  return (
    <Popover
      title={t('alarms.title')}
      content={list}
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={change}
    >
      <Badge count={newCount} size="small" offset={[-4, 4]} data-testid="alarm-count">
        <Button
          type="text"
          icon={<BellOutlined />}
          aria-label={newCount > 0 ? t('alarms.bellNew', { count: newCount }) : t('alarms.title')}
          data-testid="alarm-bell"
          data-new={newCount}
        />
      </Badge>
    </Popover>
  );
};
