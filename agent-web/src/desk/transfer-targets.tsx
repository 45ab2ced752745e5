/** The rows of the transfer dialog: agents with their states, queues with their load, a number. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView, TransferTargetBody } from '../../../api/contract/common';
import type { Colleague } from '../../../api/contract/rest';
import { localName } from '../i18n/local-name';
import { AGENT_TONES } from './tones';
import { canTakeCall } from './use-colleagues';

export type TransferKind = 'transfer' | 'consult';

export interface TargetChoice {
  readonly choose: (kind: TransferKind, target: TransferTargetBody) => void;
  /** The command is on its way. */
  readonly busy: boolean;
}

interface TargetRowProps extends TargetChoice {
  readonly id: string;
  readonly name: string;
  readonly target: TransferTargetBody;
  readonly disabled?: boolean;
  readonly children?: ReactNode;
}

const TargetRow = ({ id, name, target, disabled = false, busy, choose, children }: TargetRowProps) => {
  const { t } = useTranslation();
  const button = (kind: TransferKind) => (
    <Button
      type={kind === 'consult' ? 'default' : 'primary'}
      disabled={disabled || busy}
      onClick={() => choose(kind, target)}
      aria-label={t(`transfer.${kind}To`, { name })}
      data-testid={`${kind}-${id}`}
    >
      {t(`transfer.${kind}`)}
    </Button>
  );
  return (
    <li className="target" data-testid="transfer-target">
      <span className="target-name">{name}</span>
      <span className="target-about">{children}</span>
      {button('consult')}
      {button('transfer')}
    </li>
  );
};

interface AgentTargetsProps extends TargetChoice {
  readonly agents: readonly Colleague[];
}

export const AgentTargets = ({ agents, ...choice }: AgentTargetsProps) => {
  const { t } = useTranslation();
  if (agents.length === 0) return <p className="target-none">{t('transfer.noAgents')}</p>;
  return (
    <ul className="targets">
      {agents.map((agent) => (
        <TargetRow
          key={agent.agentId}
          id={agent.agentId}
          name={localName(agent.displayName, agent.displayNameZh)}
          target={{ kind: 'agent', agentId: agent.agentId }}
          disabled={!canTakeCall(agent)}
          {...choice}
        >
          <span className="figures">{agent.extension}</span>
          <span className={`target-state ${AGENT_TONES[agent.state]}`}>
            <span className="dot" />
            {t(`state.${agent.state}`)}
          </span>
        </TargetRow>
      ))}
    </ul>
  );
};

interface QueueTargetsProps extends TargetChoice {
  readonly queues: readonly QueueView[];
}

export const QueueTargets = ({ queues, ...choice }: QueueTargetsProps) => {
  const { t } = useTranslation();
  if (queues.length === 0) return <p className="target-none">{t('queues.none')}</p>;
  return (
    <ul className="targets">
      {queues.map((queue) => (
        <TargetRow
          key={queue.queueId}
          id={queue.queueId}
          name={localName(queue.name, queue.nameZh)}
          target={{ kind: 'queue', queueId: queue.queueId }}
          {...choice}
        >
          <span>{t('transfer.load', { waiting: queue.waiting, ready: queue.agentsReady })}</span>
        </TargetRow>
      ))}
    </ul>
  );
};

export const NumberTarget = ({ choose, busy }: TargetChoice) => {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const target = { kind: 'number', number: number.trim() } as const;
  const empty = target.number === '';
  return (
    <form
      className="target-number"
      onSubmit={(event) => {
        event.preventDefault();
        if (!empty) choose('transfer', target);
      }}
    >
      <Input
        value={number}
        maxLength={32}
        inputMode="tel"
        autoComplete="off"
        placeholder={t('dial.placeholder')}
        aria-label={t('dial.placeholder')}
        onChange={(event) => setNumber(event.target.value)}
        data-testid="transfer-number"
      />
      <Button disabled={empty || busy} onClick={() => choose('consult', target)} data-testid="consult-number">
        {t('transfer.consult')}
      </Button>
      <Button type="primary" htmlType="submit" disabled={empty || busy} data-testid="transfer-to-number">
        {t('transfer.transfer')}
      </Button>
    </form>
  );
};
