/** All conference rooms: the list, with what the event socket has said of them since. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ConferenceView } from '../../../api/contract/conferences';
import { useObservable } from '../api/observable';
import { readConferences } from '../api/resources';
import { useDesk, useDeskState } from '../desk/desk-context';

export const CONFERENCES_KEY = 'conferences';
/** While the event socket is lost, the list is read again at this pace; else for rooms that are removed elsewhere. */
const REFRESH_MS = 3_000;
const SLOW_REFRESH_MS = 60_000;

export const useConferences = (): {
  readonly rooms: readonly ConferenceView[] | undefined;
  readonly error: Error | null;
} => {
  const { link } = useDesk();
  const { conferences } = useDeskState();
  const live = useObservable(link.status).kind === 'open';
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: [CONFERENCES_KEY],
    queryFn: readConferences,
    refetchInterval: live ? SLOW_REFRESH_MS : REFRESH_MS,
  });
  useEffect(() => {
    // Whatever changed before the connection stood is in the list only.
    if (live) void queries.invalidateQueries({ queryKey: [CONFERENCES_KEY] });
  }, [live, queries]);
  return { rooms: data?.map((room) => conferences[room.roomId] ?? room), error };
};
