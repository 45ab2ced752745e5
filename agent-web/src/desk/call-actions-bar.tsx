import {
  AudioMutedOutlined,
  AudioOutlined,
  CheckOutlined,
  PauseOutlined,
  PhoneFilled,
  CaretRightOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CurrentCall } from './current-call';
import { TransferButton } from './transfer-button';
import { useCallActions } from './use-call-actions';
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
  const inConversation = held || call.phase === 'connected';
  const talking = inConversation || call.phase === 'consulting';
  const consulted = call.view?.consulted ?? false;
  return (
    <>
      <Button
        size="large"
        className={`toggle ${call.muted ? 'toggle-on' : ''}`}
        icon={call.muted ? <AudioMutedOutlined /> : <AudioOutlined />}
        aria-pressed={call.muted}
        aria-keyshortcuts="Alt+M"
        title="Alt+M"
        disabled={!talking || !call.view || !call.leg}
        onClick={() => actions.toggleMute(call)}
        data-testid="call-mute"
      >
        {call.muted ? t('call.unmute') : t('call.mute')}
      </Button>
      <Button
        size="large"
        className={`toggle ${held ? 'toggle-on' : ''}`}
        icon={held ? <CaretRightOutlined /> : <PauseOutlined />}
        aria-pressed={held}
        aria-keyshortcuts="Alt+H"
        title="Alt+H"
        disabled={!inConversation || !call.view || consulted}
        onClick={() => actions.toggleHold(call)}
        data-testid="call-hold"
      >
        {held ? t('call.resume') : t('call.hold')}
      </Button>
      <TransferButton call={call} disabled={!inConversation || consulted || call.view?.consult !== undefined} />
      <Button
        size="large"
        danger
        type="primary"
        className="action-end"
        icon={<HangUpIcon />}
        aria-keyshortcuts="Alt+X"
        title="Alt+X"
        onClick={() => actions.hangUp(call)}
        data-testid="call-hangup"
      >
        {t('call.hangUp')}
      </Button>
    </>
  );
};

export const CallActionsBar = ({ call, wrapUp }: CallActionsBarProps) => {
  const { t } = useTranslation();
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
      {call.phase !== 'wrap-up' && <TalkingActions call={call} />}
    </footer>
  );
};
