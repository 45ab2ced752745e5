/** The agent's state with its timer, and the two ways to change it; beside it where the agent hears. */
import { CheckOutlined, DownOutlined, PauseOutlined } from '@ant-design/icons';
import { Button, Dropdown, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CHOSEN_NOT_READY_REASONS } from '../../../api/contract/common';
import { readSetting, writeSetting } from '../api/settings';
import { formatDuration } from '../i18n/format';
import { useDesk, useDeskState } from './desk-context';
import { AGENT_TONES } from './tones';
import { StationChoice } from './station-choice';
import { useCommand } from './use-call-actions';
import { useServerNow } from './use-now';
import { nextText } from './next-state';
import { useHearsHere } from './use-station';
import './agent-state.css';

type Reason = (typeof CHOSEN_NOT_READY_REASONS)[number];

const REASON_SETTING = 'not-ready-reason';

const rememberedReason = (): Reason =>
  CHOSEN_NOT_READY_REASONS.find((reason) => reason === readSetting(REASON_SETTING)) ?? 'break';

const useStateCommands = () => {
  const { phone } = useDesk();
  const hearsHere = useHearsHere();
  const command = useCommand();
  const [reason, setReason] = useState(rememberedReason);
  const [pending, setPending] = useState(false);

  const run = async (act: () => Promise<boolean>): Promise<void> => {
    setPending(true);
    await act();
    setPending(false);
  };
  return {
    reason,
    pending,
    goReady: () =>
      void run(async () => {
        // Ready without a microphone would make callers wait for somebody they cannot hear; the banner tells the cure.
        if (phone && hearsHere && !(await phone.microphone.open())) return false;
        return command({ command: 'ready' });
      }),
    goNotReady: (chosen: Reason) => {
      setReason(chosen);
      writeSetting(REASON_SETTING, chosen);
      void run(() => command({ command: 'not-ready', reason: chosen }));
    },
  };
};

const StatePill = () => {
  const { t } = useTranslation();
  const { agent } = useDeskState();
  const nowMs = useServerNow();
  const state = agent?.state ?? 'signed-out';
  const reason = state === 'not-ready' && agent?.notReadyReason ? agent.notReadyReason : undefined;
  const next = nextText(agent?.next, t);
  return (
    <div
      className={`state-pill ${AGENT_TONES[state]}`}
      data-testid="agent-state"
      data-state={state}
      data-reason={reason}
      role="status"
      aria-label={t('state.label')}
    >
      <span className="dot" />
      <span className="state-name">{t(`state.${state}`)}</span>
      {reason && <span className="state-reason">{t(`state.reason.${reason}`)}</span>}
      {next !== undefined && (
        <span className="state-reason" data-testid="agent-next">
          {t('state.then', { state: next })}
        </span>
      )}
      {/* The timer changes every second: not for screen readers, which would never stop. */}
      <span className="state-timer figures" aria-hidden="true">
        {agent ? formatDuration(nowMs - agent.sinceMs) : '–:––'}
      </span>
    </div>
  );
};

export const AgentStateControl = () => {
  const { t } = useTranslation();
  const { agent } = useDeskState();
  const { reason, pending, goReady, goNotReady } = useStateCommands();
  const state = agent?.state;
  const notReady = (chosen: Reason): boolean =>
    (state === 'not-ready' && agent?.notReadyReason === chosen) || agent?.next?.reason === chosen;
  return (
    <div className="agent-state">
      <StatePill />
      <Button
        type={state === 'not-ready' ? 'primary' : 'default'}
        icon={<CheckOutlined />}
        disabled={!agent || pending || state === 'ready' || agent.next?.state === 'ready'}
        onClick={goReady}
        data-testid="go-ready"
      >
        {t('state.goReady')}
      </Button>
      <Space.Compact>
        <Button
          icon={<PauseOutlined />}
          disabled={!agent || pending || notReady(reason)}
          onClick={() => goNotReady(reason)}
          data-testid="go-not-ready"
        >
          {t(`state.reason.${reason}`)}
        </Button>
        <Dropdown
          trigger={['click']}
          disabled={!agent || pending}
          menu={{
            items: CHOSEN_NOT_READY_REASONS.map((key) => ({
              key,
              label: <span data-testid={`reason-${key}`}>{t(`state.reason.${key}`)}</span>,
              disabled: notReady(key),
              onClick: () => goNotReady(key),
            })),
          }}
        >
          <Button icon={<DownOutlined />} aria-label={t('state.otherReason')} data-testid="other-reasons" />
        </Dropdown>
      </Space.Compact>
      <StationChoice />
    </div>
  );
};
