/** A fax machine or an answering machine is at the other end: the agent is told at once, and may close the notice. */
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { HeardView } from '../../../api/contract/common';
import { useCurrentCall } from './desk-context';

/** A person is no news to somebody who hears it. */
const noticeOf = (heard: HeardView | undefined): 'fax' | 'machine' | 'awaitsMessage' | undefined => {
  if (heard?.what === 'fax') return 'fax';
  if (heard?.what !== 'machine') return undefined;
  return heard.awaitsMessage ? 'awaitsMessage' : 'machine';
};

export const HeardBanner = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const notice = call && call.phase !== 'wrap-up' ? noticeOf(call.view?.heard) : undefined;
  if (!call || !notice) return null;
  return (
    <Alert
      // What is new is shown although the last notice was closed.
      key={`${call.callId} ${notice}`}
      banner
      type="warning"
      closable={{ 'aria-label': t('detection.close') }}
      data-testid="heard-banner"
      data-heard={notice}
      title={t(`detection.notice.${notice}`)}
    />
  );
};
