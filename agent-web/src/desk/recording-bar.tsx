/** How the call is recorded, and what the agent may do about it. */
import { BorderOutlined, EyeInvisibleOutlined, PauseCircleOutlined, PlayCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingAction } from '../../../api/contract/recording-policies';
import { isAnswered } from './current-call';
import type { CurrentCall } from './current-call';
import { RECORDING_SWITCHES, recordingActionOf } from './recording-actions';
import { RecordingIndicator } from './recording-indicator';
import { ShortcutButton } from './shortcut-button';
import { useCallActions } from './use-call-actions';

const ICONS: Record<RecordingAction, ReactNode> = {
  start: <PlayCircleOutlined />,
  stop: <BorderOutlined />,
  pause: <PauseCircleOutlined />,
  resume: <PlayCircleOutlined />,
  mask: <EyeInvisibleOutlined />,
  unmask: <PlayCircleOutlined />,
};

export const RecordingBar = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const { record } = useCallActions();
  const state = call.view?.recordingState;
  if (!state || !isAnswered(call)) return null;
  return (
    <span className="recording-bar">
      {(state.state !== 'off' || state.may.includes('start')) && <RecordingIndicator {...state} />}
      {RECORDING_SWITCHES.map(({ what, letter }) => {
        const action = recordingActionOf(state, what);
        return (
          action && (
            <ShortcutButton
              key={what}
              letter={letter}
              hint={t(`recording.hint.${action}`)}
              size="small"
              icon={ICONS[action]}
              aria-pressed={action === 'resume' || action === 'unmask'}
              onClick={() => record(call, action)}
              data-testid={`recording-${what}`}
              data-action={action}
            >
              {t(`recording.${action}`)}
            </ShortcutButton>
          )
        );
      })}
    </span>
  );
};
