/** How an agent's call is recorded, and what those who lead the agents may do about it. */
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RecordingAction } from '../../../api/contract/recording-policies';
import type { TeamCallView } from '../../../api/contract/supervision';
import { controlRecording } from '../api/resources';
import { RECORDING_SWITCHES, recordingActionOf } from '../desk/recording-actions';
import { RecordingIndicator } from '../desk/recording-indicator';
import { faultText } from '../i18n/fault-text';

const CONVERSATIONS: readonly TeamCallView['state'][] = ['connected', 'held', 'consulting'];

export const TeamRecording = ({ call }: { readonly call: TeamCallView }) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { callId, recordingState: state } = call;
  if (!state || !CONVERSATIONS.includes(call.state)) return null;
  const order = (action: RecordingAction): void => {
    controlRecording(callId, action).catch((error: unknown) =>
      message.error(t('call.commandFailed', { message: faultText(error, t) })),
    );
  };
  return (
    <span className="recording-bar" data-testid="team-recording">
      <RecordingIndicator {...state} />
      {RECORDING_SWITCHES.map(({ what }) => {
        const action = recordingActionOf(state, what);
        return (
          action && (
            <Button
              key={what}
              size="small"
              type="text"
              onClick={() => order(action)}
              data-testid={`team-recording-${what}`}
              data-action={action}
              title={t(`recording.hint.${action}`)}
            >
              {t(`recording.${action}`)}
            </Button>
          )
        );
      })}
    </span>
  );
};
