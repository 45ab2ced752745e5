/** All agents with their states, for supervisors and administrators. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import { readAgents } from '../api/resources';
import { QueueTiles } from '../desk/queue-tiles';
import { useDeskState } from '../desk/desk-context';
import { AGENT_TONES } from '../desk/tones';
import { useServerNow } from '../desk/use-now';
import { faultText } from '../i18n/fault-text';
import { formatDuration } from '../i18n/format';
import './team.css';

export const AGENTS_KEY = 'agents';

/** The list is read again at this pace; what the event socket says of an agent shows at once. */
const REFRESH_MS = 3_000;

const AgentRow = ({ agent }: { readonly agent: AgentView }) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const reason = agent.state === 'not-ready' && agent.notReadyReason;
  return (
    <tr data-testid="agent-row" data-agent={agent.agentId} data-state={agent.state}>
      <td className="team-name">{agent.displayName}</td>
      <td className="figures">{agent.extension}</td>
      <td>
        <span className={`team-state ${AGENT_TONES[agent.state]}`}>
          <span className="dot" />
          {t(`state.${agent.state}`)}
          {reason && <span className="team-reason">{t(`state.reason.${reason}`)}</span>}
        </span>
      </td>
      <td className="figures">{agent.state === 'signed-out' ? '–' : formatDuration(nowMs - agent.sinceMs)}</td>
      <td className={agent.deviceRegistered ? '' : 'team-offline'}>
        {agent.deviceRegistered ? t('team.online') : t('team.offline')}
      </td>
    </tr>
  );
};

export const TeamPage = () => {
  const { t } = useTranslation();
  const { others } = useDeskState();
  const { data, error } = useQuery({ queryKey: [AGENTS_KEY], queryFn: readAgents, refetchInterval: REFRESH_MS });
  const agents = (data ?? []).map((agent) => {
    const live = others[agent.agentId];
    return live && live.sinceMs >= agent.sinceMs ? live : agent;
  });
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('team.title')}</h1>
        <p>{t('team.hint')}</p>
      </header>
      <QueueTiles />
      {error && <Alert type="error" showIcon title={t('team.failed', { message: faultText(error, t) })} />}
      <section className="team panel" aria-label={t('team.title')}>
        <table className="team-table">
          <thead>
            <tr>
              <th scope="col">{t('team.name')}</th>
              <th scope="col">{t('team.extension')}</th>
              <th scope="col">{t('team.state')}</th>
              <th scope="col">{t('team.since')}</th>
              <th scope="col">{t('team.device')}</th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <AgentRow key={agent.agentId} agent={agent} />
            ))}
          </tbody>
        </table>
        {data?.length === 0 && <p className="team-empty">{t('team.empty')}</p>}
      </section>
    </div>
  );
};
