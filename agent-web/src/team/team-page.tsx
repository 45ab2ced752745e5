/** All agents with their states, for supervisors and administrators. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { SupervisorDevice, TeamCallView } from '../../../api/contract/supervision';
import { useObservable } from '../api/observable';
import { QueueTiles } from '../desk/queue-tiles';
import { useDesk, useDeskState } from '../desk/desk-context';
import { nextText } from '../desk/next-state';
import { AGENT_TONES } from '../desk/tones';
import { useServerNow } from '../desk/use-now';
import { faultText } from '../i18n/fault-text';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { agentsQuery } from './agents-query';
import { DeviceChoice, useDevice } from './device-choice';
import { SeatMenu } from './seat-menu';
import { SuperviseButtons } from './supervise-buttons';
import { TeamCallCell } from './team-call-cell';
import { useTeamCalls } from './use-team-calls';
import './team.css';

/** The event socket tells every change; while it is lost, the list is read again at this pace. */
const REFRESH_MS = 3_000;

/** All agents: the list, with what the event socket has said of them since. */
const useAgents = (): { agents: readonly AgentView[] | undefined; error: Error | null } => {
  const { link } = useDesk();
  const { others, agent: own } = useDeskState();
  const live = useObservable(link.status).kind === 'open';
  const queries = useQueryClient();
  const { data, error } = useQuery({ ...agentsQuery, refetchInterval: live ? false : REFRESH_MS });
  useEffect(() => {
    // Whatever changed before the connection stood is in the list only.
    if (live) void queries.invalidateQueries({ queryKey: agentsQuery.queryKey });
  }, [live, queries]);
  const agents = data?.map((agent) => {
    const latest = agent.agentId === own?.agentId ? own : others[agent.agentId];
    return latest && latest.sinceMs >= agent.sinceMs ? latest : agent;
  });
  return { agents, error };
};

interface AgentRowProps {
  readonly agent: AgentView;
  readonly call: TeamCallView | undefined;
  readonly device: SupervisorDevice | undefined;
}

const AgentRow = ({ agent, call, device }: AgentRowProps) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const reason = agent.state === 'not-ready' && agent.notReadyReason;
  const next = nextText(agent.next, t);
  return (
    <tr data-testid="agent-row" data-agent={agent.agentId} data-state={agent.state}>
      <td className="team-name">{localName(agent.displayName, agent.displayNameZh)}</td>
      <td className="figures">{agent.extension}</td>
      <td>
        <span className={`team-state ${AGENT_TONES[agent.state]}`}>
          <span className="dot" />
          {t(`state.${agent.state}`)}
          {reason && <span className="team-reason">{t(`state.reason.${reason}`)}</span>}
          {next !== undefined && <span className="team-reason">{t('state.then', { state: next })}</span>}
        </span>
      </td>
      <td className="figures">{agent.state === 'signed-out' ? '–' : formatDuration(nowMs - agent.sinceMs)}</td>
      <td className={agent.deviceRegistered ? '' : 'team-offline'}>
        {agent.deviceRegistered ? t('team.online') : t('team.offline')}
      </td>
      <td>{call && <TeamCallCell call={call} />}</td>
      <td>
        <span className="team-actions">
          <SuperviseButtons agent={agent} call={call} device={device} />
          <SeatMenu agent={agent} />
        </span>
      </td>
    </tr>
  );
};

export const TeamPage = () => {
  const { t } = useTranslation();
  const { agents, error } = useAgents();
  const callOf = useTeamCalls();
  const [device, choose] = useDevice();
  return (
    <div className="page">
      <header className="page-head team-head">
        <div>
          <h1>{t('team.title')}</h1>
          <p>{t('team.hint')}</p>
        </div>
        <DeviceChoice device={device} onChoose={choose} />
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
              <th scope="col">{t('team.call')}</th>
              <th scope="col">{t('team.supervise')}</th>
            </tr>
          </thead>
          <tbody>
            {agents?.map((agent) => (
              <AgentRow key={agent.agentId} agent={agent} call={callOf(agent.agentId)} device={device} />
            ))}
          </tbody>
        </table>
        {agents?.length === 0 && <p className="team-empty">{t('team.empty')}</p>}
      </section>
    </div>
  );
};
