/** For administrators: queues, what agents can, and hours. */
import { Alert, Button, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { ScheduleList } from '../schedules/schedule-list';
import { AgentMatrix } from './agent-matrix';
import { CalendarList } from './calendar-list';
import { QueueList } from './queue-list';
import { useAcdSettings } from './use-acd-settings';
import '../lists/list-table.css';
import './queues.css';

const TABS = ['queues', 'agents', 'calendars', 'schedules'] as const;
type Tab = (typeof TABS)[number];

export const QueuesPage = () => {
  const { t } = useTranslation();
  const settings = useAcdSettings();
  const [tab, setTab] = useState<Tab>('queues');
  const { data, error } = settings;
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('queueSettings.title')}</h1>
        <p>{t('queueSettings.hint')}</p>
      </header>
      {error && (
        <Alert
          type="error"
          showIcon
          title={t('queueSettings.notRead', { message: faultText(error, t) })}
          action={
            <Button size="small" onClick={settings.reload}>
              {t('history.retry')}
            </Button>
          }
        />
      )}
      <Tabs
        activeKey={tab}
        onChange={(key) => setTab(key as Tab)}
        items={TABS.map((key) => ({
          key,
          label: <span data-testid={`queues-tab-${key}`}>{t(`queueSettings.tab.${key}`)}</span>,
        }))}
      />
      {!data && !error && <p className="queues-empty">{t('app.loading')}</p>}
      {data && tab === 'queues' && <QueueList settings={settings} data={data} />}
      {data && tab === 'agents' && <AgentMatrix settings={settings} data={data} />}
      {data && tab === 'calendars' && <CalendarList settings={settings} data={data} />}
      {data && tab === 'schedules' && <ScheduleList data={data} />}
    </div>
  );
};
