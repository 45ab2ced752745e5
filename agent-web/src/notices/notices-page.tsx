/** For administrators: when queues are an alarm, and who is told of events. */
import { useTranslation } from 'react-i18next';
import { QueueAlarmsSection } from './queue-alarms-section';
import { WebhooksSection } from './webhooks-section';
import '../lists/list-table.css';
import './notices.css';

export const NoticesPage = () => {
  const { t } = useTranslation();
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('notices.title')}</h1>
        <p>{t('notices.hint')}</p>
      </header>
      <QueueAlarmsSection />
      <WebhooksSection />
    </div>
  );
};
