/** What is broken, what it means and the cure; nothing when all is well. */
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useObservable } from '../api/observable';
import { useMicrophoneState, usePhoneStatus } from '../phone/use-phone-status';
import { SoundBanner } from '../quality/sound-banner';
import { useDesk } from './desk-context';
import { HeardBanner } from './heard-banner';
import { useLocalNow } from './use-now';
import './banners.css';

interface Outage {
  readonly what: 'events' | 'phone' | 'both';
  /** Undefined while a try is under way. */
  readonly retryAtMs: number | undefined;
  readonly refused: boolean;
}

const useOutage = (): Outage | undefined => {
  const { link, phone } = useDesk();
  const socket = useObservable(link.status);
  const sip = usePhoneStatus(phone);
  // The first connection is no outage, however long it takes: only a try that failed makes one.
  const eventsLost = socket.kind === 'waiting' || (socket.kind === 'connecting' && socket.attempt > 0);
  const phoneLost = phone !== undefined && (sip.kind === 'waiting' || (sip.kind === 'connecting' && sip.again));
  if (!eventsLost && !phoneLost) return undefined;
  return {
    what: eventsLost ? (phoneLost ? 'both' : 'events') : 'phone',
    retryAtMs: socket.kind === 'waiting' ? socket.retryAtMs : sip.kind === 'waiting' ? sip.retryAtMs : undefined,
    refused: !eventsLost && sip.kind === 'waiting' && sip.refused,
  };
};

const OutageBanner = ({ outage }: { readonly outage: Outage }) => {
  const { t } = useTranslation();
  const { link, phone } = useDesk();
  const nowMs = useLocalNow(250);
  const seconds = outage.retryAtMs === undefined ? 0 : Math.ceil((outage.retryAtMs - nowMs) / 1000);
  const tryNow = (): void => {
    link.reconnectNow();
    phone?.reconnectNow();
  };
  return (
    <Alert
      banner
      type="error"
      data-testid="connection-banner"
      title={
        <>
          {outage.refused ? t('connection.refused') : t(`connection.${outage.what}`)}{' '}
          <span className="figures" aria-hidden="true">
            {seconds > 0 ? t('connection.retryIn', { count: seconds }) : t('connection.retrying')}
          </span>
        </>
      }
      action={
        <Button size="small" disabled={seconds <= 0} onClick={tryNow}>
          {t('connection.retryNow')}
        </Button>
      }
    />
  );
};

export const ConnectionBanners = () => {
  const { t } = useTranslation();
  const { phone } = useDesk();
  const outage = useOutage();
  const microphone = useMicrophoneState(phone);
  return (
    <div className="banners" role="alert">
      {outage && <OutageBanner outage={outage} />}
      <SoundBanner />
      <HeardBanner />
      {microphone.kind === 'broken' && (
        <Alert
          banner
          type="warning"
          data-testid="microphone-banner"
          title={t(`audio.problem.${microphone.problem}`)}
          action={
            <Button size="small" onClick={() => void phone?.microphone.open()}>
              {t('history.retry')}
            </Button>
          }
        />
      )}
    </div>
  );
};
