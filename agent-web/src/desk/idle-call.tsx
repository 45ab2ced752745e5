import { CustomerServiceOutlined, PauseCircleOutlined, PhoneOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { CallView } from '../../../api/contract/common';
import { formatNumber } from '../i18n/phone-number';
import { useDeskState } from './desk-context';
import { useFailureText } from './use-failure-text';

const useIdleText = () => {
  const { t } = useTranslation();
  const { agent } = useDeskState();
  if (agent?.state === 'ready' || agent?.state === 'offered') {
    return { icon: <CustomerServiceOutlined />, title: t('call.idleReady'), hint: t('call.idleReadyHint') };
  }
  if (agent?.notReadyReason === 'no-answer') {
    return { icon: <PhoneOutlined />, title: t('call.idleMissed'), hint: t('call.idleMissedHint') };
  }
  return { icon: <PauseCircleOutlined />, title: t('call.idleNotReady'), hint: t('call.idleNotReadyHint') };
};

/** Whom the agent has dialled last, until there is another call. */
const NotReached = ({ number, dialFailure = 'other' }: Pick<CallView, 'number' | 'dialFailure'>) => {
  const { t } = useTranslation();
  const why = useFailureText(dialFailure);
  return (
    <div className="call-idle" role="status" data-testid="last-dial-failure" data-reason={dialFailure}>
      <span className="call-idle-icon" aria-hidden="true">
        <PhoneOutlined />
      </span>
      <p className="call-idle-title">{t('call.idleNotReached', { number: formatNumber(number) })}</p>
      <p className="call-idle-hint">{why}</p>
    </div>
  );
};

export const IdleCall = () => {
  const { failedDial } = useDeskState();
  return failedDial ? <NotReached {...failedDial} /> : <Waiting />;
};

const Waiting = () => {
  const { icon, title, hint } = useIdleText();
  return (
    <div className="call-idle">
      <span className="call-idle-icon" aria-hidden="true">
        {icon}
      </span>
      <p className="call-idle-title">{title}</p>
      <p className="call-idle-hint">{hint}</p>
    </div>
  );
};
