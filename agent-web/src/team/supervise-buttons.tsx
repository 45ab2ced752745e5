/** The ways into an agent's call, for those who lead the agents. */
import { Button, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { SupervisionMode, SupervisorDevice, TeamCallView } from '../../../api/contract/supervision';
import { useDesk, useDeskState } from '../desk/desk-context';
import { useSupervisionActions } from '../supervision/use-supervision';

interface SuperviseButtonsProps {
  readonly agent: AgentView;
  readonly call: TeamCallView | undefined;
  /** Undefined while nothing to listen by is chosen. */
  readonly device: SupervisorDevice | undefined;
}

const CONVERSATIONS: readonly TeamCallView['state'][] = ['connected', 'held', 'consulting'];
const LABELS = { monitor: 'team.listen', whisper: 'team.whisper', barge: 'team.barge' } as const;

export const SuperviseButtons = ({ agent, call, device }: SuperviseButtonsProps) => {
  const { t } = useTranslation();
  const { session } = useDesk();
  const { supervision } = useDeskState();
  const actions = useSupervisionActions();
  if (agent.agentId === session.user.agent?.agentId || agent.state === 'signed-out') return null;
  const talks = call !== undefined && CONVERSATIONS.includes(call.state);
  const isFree = device !== undefined && supervision === undefined;
  const hindrance = device === undefined ? 'noTelephone' : supervision ? 'alreadyWith' : undefined;
  const begin = (mode: SupervisionMode): void => {
    if (call && device) actions.begin({ target: { kind: 'call', callId: call.callId }, mode, device });
  };
  const follow = (): void => {
    if (device) actions.begin({ target: { kind: 'agent', agentId: agent.agentId }, device });
  };
  return (
    <Space size={6}>
      {(['monitor', 'whisper', 'barge'] as const).map((mode) => (
        <Button
          key={mode}
          size="small"
          disabled={!talks || !isFree}
          title={hindrance ? t(`team.${hindrance}`) : talks ? t(`team.hints.${mode}`) : t('team.noConversation')}
          onClick={() => begin(mode)}
          data-testid={`supervise-${mode}`}
        >
          {t(LABELS[mode])}
        </Button>
      ))}
      <Button
        size="small"
        type="text"
        disabled={!isFree}
        title={t(`team.${hindrance ?? 'followHint'}`)}
        onClick={follow}
        data-testid="supervise-follow"
      >
        {t('team.follow')}
      </Button>
    </Space>
  );
};
