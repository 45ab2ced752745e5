import { PauseCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { CallView } from '../../../api/contract/common';
import { formatClock, formatDuration } from '../i18n/format';
import { currentLanguage } from '../i18n';
import { timerStartMs } from './current-call';
import type { CallPhase, CurrentCall } from './current-call';
import { useDeskState } from './desk-context';
import { QualityBars } from '../quality/quality-bars';
import { RecordingBar } from './recording-bar';
import { useServerNow } from './use-now';

/** What `data-state` says: the phases, with a call that is being placed counted as ringing. */
const SHOWN_STATES: Record<CallPhase, string> = {
  ringing: 'ringing',
  dialling: 'ringing',
  connected: 'connected',
  held: 'held',
  consulting: 'consulting',
  'wrap-up': 'wrap-up',
};

/** Rounded up: the last second shows 0:01, not 0:00. */
const useCountdown = (untilMs: number): string => {
  const nowMs = useServerNow(250);
  return formatDuration(Math.max(0, Math.ceil((untilMs - nowMs) / 1000) * 1000));
};

const WrapUpTimer = ({ untilMs }: { readonly untilMs: number }) => {
  const { t } = useTranslation();
  const time = useCountdown(untilMs);
  return <span className="call-timer figures">{t('wrapUp.endsIn', { time })}</span>;
};

/** Who has hung up, and how long the call is kept for the return. */
const LeftNotice = ({ party, untilMs }: NonNullable<CallView['left']>) => {
  const { t } = useTranslation();
  const time = useCountdown(untilMs);
  return (
    <span className="call-direction" role="status" data-testid="call-left">
      {t(`call.left.${party}`, { time })}
    </span>
  );
};

/** The customer has asked to be called back, and waits since then. */
const CallbackNotice = ({ attempt, arrivedAtMs }: NonNullable<CallView['callback']>) => {
  const { t } = useTranslation();
  const time = formatClock(arrivedAtMs, currentLanguage());
  return (
    <span className="call-direction" data-testid="call-callback">
      {attempt > 1 ? t('call.callbackAgain', { time, attempt }) : t('call.callback', { time })}
    </span>
  );
};

const CallTimer = ({ call }: { readonly call: CurrentCall }) => {
  const nowMs = useServerNow(250);
  const startMs = timerStartMs(call, useDeskState().agent);
  return (
    <span className="call-timer figures" aria-hidden="true">
      {startMs === undefined ? '' : formatDuration(nowMs - startMs)}
    </span>
  );
};

export const CallStatusLine = ({ call }: { readonly call: CurrentCall | undefined }) => {
  const { t } = useTranslation();
  const { agent } = useDeskState();
  const live = call && call.phase !== 'wrap-up';
  return (
    <header className="call-line">
      <span
        className="call-status"
        role="status"
        data-testid="call-status"
        data-state={call ? SHOWN_STATES[call.phase] : 'idle'}
      >
        <span className="dot" />
        {t(`call.status.${call?.phase ?? 'idle'}`)}
      </span>
      {live && call.phase !== 'ringing' && call.view && (
        <span className="call-direction">{t(`call.direction.${call.view.direction}`)}</span>
      )}
      {call?.view?.callback && <CallbackNotice {...call.view.callback} />}
      {live && call.view?.consulted && <span className="call-direction">{t('consult.asked')}</span>}
      {live && call.view?.customerHolds && (
        <span className="call-customer-holds" role="status" data-testid="customer-holds">
          <PauseCircleFilled />
          {t('call.customerHolds')}
        </span>
      )}
      {live && <RecordingBar call={call} />}
      {live && <QualityBars callId={call.callId} />}
      {live && call.view?.left && <LeftNotice {...call.view.left} />}
      {live && <CallTimer call={call} />}
      {call?.phase === 'wrap-up' && agent?.wrapUpUntilMs !== undefined && <WrapUpTimer untilMs={agent.wrapUpUntilMs} />}
    </header>
  );
};
