import { CustomerServiceOutlined, PauseCircleOutlined, PhoneOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useDeskState } from './desk-context';

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

export const IdleCall = () => {
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
