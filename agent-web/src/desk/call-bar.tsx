/** A running call on the pages that do not show it: who it is, answer, and the way back to the desk. */
import { PhoneFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { pageHref } from '../layout/route';
import { DeclineButton } from './answer-buttons';
import { useCurrentCall } from './desk-context';
import { PHASE_TONES } from './tones';
import { useCallActions } from './use-call-actions';
import './call-bar.css';

export const CallBar = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const actions = useCallActions();
  if (!call) return null;
  const answer = (): void => {
    actions.answer(call);
    location.hash = pageHref('desk');
  };
  return (
    <aside className={`call-bar ${PHASE_TONES[call.phase]}`} aria-label={t('call.region')}>
      <span className="dot" />
      <strong>{t(`call.status.${call.phase}`)}</strong>
      <span className="figures">{call.number ? formatNumber(call.number) : t('call.unknownNumber')}</span>
      <span>{localName(call.view?.queueName, call.view?.queueNameZh)}</span>
      <span className="call-bar-end">
        <Button type="link" size="small" href={pageHref('desk')}>
          {t('nav.desk')}
        </Button>
        {call.phase === 'ringing' && <DeclineButton call={call} />}
        {call.phase === 'ringing' && !call.view?.station && (
          <Button type="primary" icon={<PhoneFilled />} onClick={answer} data-testid="call-answer">
            {t('call.answer')}
          </Button>
        )}
      </span>
    </aside>
  );
};
