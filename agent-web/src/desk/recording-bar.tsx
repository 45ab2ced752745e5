/** How the call is recorded, with the time that a pause or a mask has left, and what the agent may do about it. */
import { EyeInvisibleOutlined, PauseCircleOutlined, PlayCircleOutlined, StopOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingState } from '../../../api/contract/common';
import type { RecordingAction } from '../../../api/contract/recording-policies';
import { formatDuration } from '../i18n/format';
import type { CurrentCall } from './current-call';
import { recordingActionOf } from './recording-actions';
import type { RecordingSwitch } from './recording-actions';
import { ShortcutButton } from './shortcut-button';
import { useCallActions } from './use-call-actions';
import { useServerNow } from './use-now';
import './recording-bar.css';

/** More stars tell nobody more. */
const MAX_STARS = 24;

/** Rounded up: the last second shows 0:01. */
const Countdown = ({ untilMs }: { readonly untilMs: number }) => {
  const nowMs = useServerNow(250);
  const leftMs = Math.max(0, Math.ceil((untilMs - nowMs) / 1000) * 1000);
  return (
    <span className="figures" data-testid="recording-countdown">
      {formatDuration(leftMs)}
    </span>
  );
};

const Indicator = ({ state, untilMs, keys }: RecordingState) => {
  const { t } = useTranslation();
  return (
    <span
      className={`recording-state recording-${state}`}
      role="status"
      data-testid="call-recording"
      data-state={state}
    >
      <span className="recording-dot" />
      {t(`recording.state.${state}`)}
      {untilMs !== undefined && <Countdown untilMs={untilMs} />}
      {keys !== undefined && keys > 0 && (
        <span aria-label={t('recording.keys', { count: keys })} data-testid="recording-keys">
          {'*'.repeat(Math.min(keys, MAX_STARS))}
        </span>
      )}
    </span>
  );
};

const SWITCHES: readonly { readonly what: RecordingSwitch; readonly letter: string }[] = [
  { what: 'start', letter: 'R' },
  { what: 'pause', letter: 'P' },
  { what: 'mask', letter: 'K' },
];

const ICONS: Record<RecordingAction, ReactNode> = {
  start: <PlayCircleOutlined />,
  stop: <StopOutlined />,
  pause: <PauseCircleOutlined />,
  resume: <PlayCircleOutlined />,
  mask: <EyeInvisibleOutlined />,
  unmask: <PlayCircleOutlined />,
};

export const RecordingBar = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const { record } = useCallActions();
  const state = call.view?.recordingState;
  if (!state) return null;
  return (
    <span className="recording-bar">
      {(state.state !== 'off' || state.may.includes('start')) && <Indicator {...state} />}
      {SWITCHES.map(({ what, letter }) => {
        const action = recordingActionOf(call, what);
        return (
          action && (
            <ShortcutButton
              key={what}
              letter={letter}
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
