/** What agents are called, by their ids. */
import { useQuery } from '@tanstack/react-query';
import { readColleagues } from '../api/resources';
import { localName } from '../i18n/local-name';
import { agentsQuery } from '../team/agents-query';
import { COLLEAGUES_KEY } from './use-colleagues';
import { useDesk, useLeads } from './desk-context';

/** Names change seldom. */
const FRESH_MS = 60_000;

/** @returns what finds the name in the reader's language; the id of an agent who is not there any more stays as it is. */
export const useAgentNames = (): ((agentId: string) => string) => {
  const leads = useLeads();
  const { user } = useDesk().session;
  const { data: agents } = useQuery({ ...agentsQuery, enabled: leads, staleTime: FRESH_MS });
  const { data: colleagues } = useQuery({
    queryKey: [COLLEAGUES_KEY],
    queryFn: readColleagues,
    enabled: !leads,
    staleTime: FRESH_MS,
  });
  const others = agents ?? colleagues ?? [];
  return (agentId) => {
    const named = agentId === user.agent?.agentId ? user : others.find((one) => one.agentId === agentId);
    return named ? localName(named.displayName, named.displayNameZh) : agentId;
  };
};
