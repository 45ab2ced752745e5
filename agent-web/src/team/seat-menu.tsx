/** What those who lead the agents make of a seat: not ready, or locked until somebody of them unlocks it. */
import { DownOutlined, LockOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import type { MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgentAction } from '../../../api/contract/agent-actions';
import { CHOSEN_NOT_READY_REASONS } from '../../../api/contract/common';
import type { AgentView } from '../../../api/contract/common';
import { directAgent } from '../api/resources';
import { useDesk } from '../desk/desk-context';
import { faultText } from '../i18n/fault-text';

const WRAP_UP_ACTIONS = ['extend-wrap-up', 'end-wrap-up'] as const;
const LOCKS = ['stays', 'ends-when-free', 'ends'] as const;

export const SeatMenu = ({ agent }: { readonly agent: AgentView }) => {
  const { t } = useTranslation();
  const { session } = useDesk();
  const { message } = App.useApp();
  const { agentId, locked } = agent;
  if (agentId === session.user.agent?.agentId) return null;
  const direct = (action: AgentAction): void => {
    directAgent(agentId, action).catch((error: unknown) =>
      message.error(t('call.commandFailed', { message: faultText(error, t) })),
    );
  };
  const notReady = CHOSEN_NOT_READY_REASONS.map((reason) => ({
    key: reason,
    label: (
      <span data-testid={`seat-${reason}`}>{t('team.makeNotReady', { reason: t(`state.reason.${reason}`) })}</span>
    ),
    disabled: agent.state === 'signed-out' || (agent.state === 'not-ready' && agent.notReadyReason === reason),
    onClick: () => direct({ do: 'not-ready', reason }),
  }));
  const wrapUp = WRAP_UP_ACTIONS.map((action) => ({
    key: action,
    label: <span data-testid={`seat-${action}`}>{t(`team.wrapUp.${action}`)}</span>,
    disabled: agent.state !== 'wrap-up',
    onClick: () => direct({ do: action }),
  }));
  const locks = LOCKS.map((end) => ({
    key: end,
    danger: end === 'ends',
    label: <span data-testid={`seat-lock-${end}`}>{t(`team.lock.${end}`)}</span>,
    onClick: () => direct({ do: 'lock', session: end }),
  }));
  const items: MenuProps['items'] = locked
    ? [
        {
          key: 'unlock',
          label: <span data-testid="seat-unlock">{t('team.unlock')}</span>,
          onClick: () => direct({ do: 'unlock' }),
        },
      ]
    : [...wrapUp, ...notReady, { type: 'divider' }, ...locks];
  return (
    <Dropdown trigger={['click']} menu={{ items }} autoFocus>
      <Button size="small" type="text" icon={locked ? <LockOutlined /> : undefined} data-testid="seat-menu">
        {t(locked ? 'team.locked' : 'team.seat')} <DownOutlined />
      </Button>
    </Dropdown>
  );
};
