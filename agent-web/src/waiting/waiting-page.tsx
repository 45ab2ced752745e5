/** Everybody who waits in a queue, for supervisors and administrators. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { WaitingContactView } from '../../../api/contract/waiting';
import { useDeskState } from '../desk/desk-context';
import { LONG_WAIT_MS, QueueTiles } from '../desk/queue-tiles';
import { useServerNow } from '../desk/use-now';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatMoment, formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { agentsQuery } from '../team/agents-query';
import { ContactMenu, numberText } from './contact-menu';
import { useWaiting } from './use-waiting';
import '../team/team.css';
import './waiting.css';

/** Agents as the list has them, with what the event socket has said since. */
const useAgentViews = (): readonly AgentView[] => {
  const { others, agent: own } = useDeskState();
  const { data = [] } = useQuery(agentsQuery);
  return data.map((agent) => (agent.agentId === own?.agentId ? own : (others[agent.agentId] ?? agent)));
};

interface ContactRowProps {
  readonly contact: WaitingContactView;
  readonly agents: readonly AgentView[];
  readonly onDone: () => void;
}

const ContactRow = ({ contact, agents, onDone }: ContactRowProps) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const { queues } = useDeskState();
  const queue = queues.find(({ queueId }) => queueId === contact.queueId);
  const ringing = agents
    .filter(({ agentId }) => contact.agentIds.includes(agentId))
    .map(({ displayName, displayNameZh }) => localName(displayName, displayNameZh));
  const waitedMs = Math.max(0, nowMs - contact.arrivedAtMs);
  const again = contact.againAtMs === undefined ? undefined : formatMoment(contact.againAtMs, currentLanguage());
  return (
    <tr data-testid="waiting-row" data-contact={contact.contactId} data-state={contact.state}>
      <td className="figures">{contact.position ?? '–'}</td>
      <td className="team-name">
        {numberText(contact, t)} <span className="waiting-who">{contact.displayName}</span>
      </td>
      <td>{queue ? localName(queue.name, queue.nameZh) : contact.queueId}</td>
      <td>{t(`waiting.kind.${contact.kind}`)}</td>
      <td>
        {again !== undefined
          ? t('waiting.restsUntil', { time: again })
          : ringing.length > 0
            ? t('waiting.ringsAt', { names: ringing.join(', ') })
            : t('waiting.waits')}
      </td>
      <td className={`figures${waitedMs >= LONG_WAIT_MS ? ' waiting-long' : ''}`}>{formatDuration(waitedMs)}</td>
      <td className="figures" data-testid="waiting-priority">
        {contact.priority}
      </td>
      <td>
        <ContactMenu contact={contact} ready={agents.filter(({ state }) => state === 'ready')} onDone={onDone} />
      </td>
    </tr>
  );
};

const COLUMNS = ['position', 'number', 'queue', 'what', 'state', 'since', 'priority'] as const;

interface QueueChoiceProps {
  /** Undefined for all queues. */
  readonly queueId: string | undefined;
  readonly onChoose: (queueId: string | undefined) => void;
}

const QueueChoice = ({ queueId, onChoose }: QueueChoiceProps) => {
  const { t } = useTranslation();
  const { queues } = useDeskState();
  return (
    <Select
      className="waiting-queue"
      aria-label={t('waiting.queue')}
      value={queueId ?? ''}
      onChange={(chosen: string) => onChoose(chosen || undefined)}
      showSearch={{ optionFilterProp: 'label' }}
      options={[
        { value: '', label: t('waiting.allQueues') },
        ...queues.map((queue) => ({ value: queue.queueId, label: localName(queue.name, queue.nameZh) })),
      ]}
      data-testid="waiting-queue"
    />
  );
};

export const WaitingPage = () => {
  const { t } = useTranslation();
  const { contacts, error, refresh } = useWaiting();
  const agents = useAgentViews();
  const [queueId, setQueueId] = useState<string>();
  const shown = contacts?.filter((contact) => queueId === undefined || contact.queueId === queueId);
  return (
    <div className="page">
      <header className="page-head team-head">
        <div>
          <h1>{t('waiting.title')}</h1>
          <p>{t('waiting.hint')}</p>
        </div>
        <QueueChoice queueId={queueId} onChoose={setQueueId} />
      </header>
      <QueueTiles />
      {error && <Alert type="error" showIcon title={t('waiting.failed', { message: faultText(error, t) })} />}
      <section className="team panel" aria-label={t('waiting.title')}>
        <table className="team-table">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`waiting.${column}`)}
                </th>
              ))}
              <th scope="col" aria-label={t('waiting.order')} />
            </tr>
          </thead>
          <tbody>
            {shown?.map((contact) => (
              <ContactRow key={contact.contactId} contact={contact} agents={agents} onDone={refresh} />
            ))}
          </tbody>
        </table>
        {shown?.length === 0 && (
          <p className="team-empty">{t(queueId === undefined ? 'waiting.empty' : 'waiting.emptyQueue')}</p>
        )}
        {!shown && !error && <p className="team-empty">{t('app.loading')}</p>}
      </section>
    </div>
  );
};
