/** The agents' calls: the list, with what the event socket has said of them since. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { TeamCallView } from '../../../api/contract/supervision';
import { useObservable } from '../api/observable';
import { readTeamCalls } from '../api/resources';
import { useDesk, useDeskState } from '../desk/desk-context';

const TEAM_CALLS_KEY = 'team-calls';
/** While the event socket is lost, the list is read again at this pace. */
const REFRESH_MS = 3_000;

/** @returns what finds the call that an agent has, or writes down. */
export const useTeamCalls = (): ((agentId: string) => TeamCallView | undefined) => {
  const { link } = useDesk();
  const { teamCalls } = useDeskState();
  const live = useObservable(link.status).kind === 'open';
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: [TEAM_CALLS_KEY],
    queryFn: readTeamCalls,
    refetchInterval: live ? false : REFRESH_MS,
  });
  useEffect(() => {
    // Whatever changed before the connection stood is in the list only.
    if (live) void queries.invalidateQueries({ queryKey: [TEAM_CALLS_KEY] });
  }, [live, queries]);
  return (agentId) => {
    const told = live ? teamCalls.find((call) => call.agentId === agentId) : undefined;
    const call = told ?? data?.find((one) => one.agentId === agentId);
    return call?.state === 'ended' ? undefined : call;
  };
};
