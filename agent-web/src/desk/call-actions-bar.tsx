import {
  ClockCircleOutlined,
  AudioMutedOutlined,
  AudioOutlined,
  CheckOutlined,
  PauseOutlined,
  PhoneFilled,
  SoundOutlined,
  CaretRightOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { canHold, canMute, isConference } from './current-call';
import type { CurrentCall } from './current-call';
import { ShortcutButton } from './shortcut-button';
import { TransferButton } from './transfer-button';
import { useCallActions, useCommand } from './use-call-actions';
import type { WrapUp } from './use-wrap-up';

interface CallActionsBarProps {
  readonly call: CurrentCall;
  readonly wrapUp: WrapUp;
}

const HangUpIcon = () => <PhoneFilled className="icon-hang-up" />;

const TalkingActions = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  const held = call.phase === 'held';
  return (
    <>
      <ShortcutButton
        letter="M"
        size="large"
        className={`toggle ${call.muted ? 'toggle-on' : ''}`}
        icon={call.muted ? <AudioMutedOutlined /> : <AudioOutlined />}
        aria-pressed={call.muted}
        disabled={!canMute(call)}
        onClick={() => actions.toggleMute(call)}
        data-testid="call-mute"
      >
        {call.muted ? t('call.unmute') : t('call.mute')}
      </ShortcutButton>
      <ShortcutButton
        letter="H"
        size="large"
        className={`toggle ${held ? 'toggle-on' : ''}`}
        icon={held ? <CaretRightOutlined /> : <PauseOutlined />}
        aria-pressed={held}
        disabled={!canHold(call)}
        onClick={() => actions.toggleHold(call)}
        data-testid="call-hold"
      >
        {held ? t('call.resume') : t('call.hold')}
      </ShortcutButton>
      <TransferButton call={call} />
      <Button
        size="large"
        icon={<SoundOutlined />}
        disabled={call.phase !== 'connected'}
        onClick={() => actions.announce(call)}
        data-testid="call-announce"
      >
        {t('call.announce')}
      </Button>
      <ShortcutButton
        letter="X"
        hint={isConference(call) ? t('parties.endHint') : undefined}
        size="large"
        danger
        type="primary"
        className="action-end"
        icon={<HangUpIcon />}
        onClick={() => actions.hangUp(call)}
        data-testid="call-hangup"
      >
        {t('call.hangUp')}
      </ShortcutButton>
    </>
  );
};

export const CallActionsBar = ({ call, wrapUp }: CallActionsBarProps) => {
  const { t } = useTranslation();
  const command = useCommand();
  return (
    <footer className="call-actions">
      {call.phase === 'wrap-up' && (
        <Button
          size="large"
          type="primary"
          className="action-end"
          icon={<CheckOutlined />}
          loading={wrapUp.sending}
          onClick={() => void wrapUp.finish()}
          data-testid="wrap-up-done"
        >
          {t('wrapUp.done')}
        </Button>
      )}
      {call.phase === 'wrap-up' && (
        <Button
          size="large"
          icon={<ClockCircleOutlined />}
          onClick={() => void command({ command: 'extend-wrap-up', callId: call.callId })}
          data-testid="wrap-up-extend"
        >
          {t('wrapUp.extend')}
        </Button>
      )}
      {call.phase !== 'wrap-up' && <TalkingActions call={call} />}
    </footer>
  );
};
