/** One side of the conversation does not hear the other: who, and what may be the cause. */
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCurrentCall, useDesk, useDeskState } from '../desk/desk-context';

export const SoundBanner = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const { session } = useDesk();
  const { quality } = useDeskState();
  const fault = call && quality[call.callId]?.fault;
  if (!fault) return null;
  const isOwn = fault.role === 'agent' && fault.id === session.user.agent?.agentId;
  return (
    <Alert
      banner
      type="error"
      data-testid="sound-banner"
      title={t(`quality.fault.${isOwn ? 'own' : 'other'}.${fault.kind}`)}
    />
  );
};
