/** Everybody who waits in a queue, for supervisors and administrators. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { WaitingContactView } from '../../../api/contract/waiting';
import { useDeskState } from '../desk/desk-context';
import { QueueTiles } from '../desk/queue-tiles';
import { useServerNow } from '../desk/use-now';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatClock, formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { agentsQuery } from '../team/agents-query';
import { ContactMenu } from './contact-menu';
import { useWaiting } from './use-waiting';
import '../team/team.css';

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
  const again = contact.againAtMs === undefined ? undefined : formatClock(contact.againAtMs, currentLanguage());
  return (
    <tr data-testid="waiting-row" data-contact={contact.contactId} data-state={contact.state}>
      <td className="figures">{contact.position ?? '–'}</td>
      <td className="team-name">
        {contact.number ? formatNumber(contact.number) : t('call.unknownNumber')} {contact.displayName}
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
      <td className="figures">{formatDuration(Math.max(0, nowMs - contact.arrivedAtMs))}</td>
      <td className="figures" data-testid="waiting-priority">
        {contact.priority}
      </td>
      <td>
        <ContactMenu contact={contact} ready={agents.filter(({ state }) => state === 'ready')} onDone={onDone} />
      </td>
    </tr>
  );
};

const COLUMNS = ['position', 'number', 'queue', 'what', 'state', 'since', 'priority', 'order'] as const;

export const WaitingPage = () => {
  const { t } = useTranslation();
  const { contacts, error, refresh } = useWaiting();
  const agents = useAgentViews();
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('waiting.title')}</h1>
        <p>{t('waiting.hint')}</p>
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
            </tr>
          </thead>
          <tbody>
            {contacts?.map((contact) => (
              <ContactRow key={contact.contactId} contact={contact} agents={agents} onDone={refresh} />
            ))}
          </tbody>
        </table>
        {contacts?.length === 0 && <p className="team-empty">{t('waiting.empty')}</p>}
      </section>
    </div>
  );
};
