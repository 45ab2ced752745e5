/** Who waits: the list, read again whenever the queues' load has changed. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WaitingContactView } from '../../../api/contract/waiting';
import { useObservable } from '../api/observable';
import { readWaiting } from '../api/resources';
import { useDesk, useDeskState } from '../desk/desk-context';

const WAITING_KEY = ['waiting'] as const;
/** While the event socket is lost, and for changes that it does not tell. */
const LOST_REFRESH_MS = 3_000;
const REFRESH_MS = 15_000;

export interface Waiting {
  readonly contacts: readonly WaitingContactView[] | undefined;
  readonly error: Error | null;
  readonly refresh: () => void;
}

export const useWaiting = (): Waiting => {
  const { link } = useDesk();
  const { queues } = useDeskState();
  const live = useObservable(link.status).kind === 'open';
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: WAITING_KEY,
    queryFn: readWaiting,
    refetchInterval: live ? REFRESH_MS : LOST_REFRESH_MS,
  });
  const refresh = (): void => void queries.invalidateQueries({ queryKey: WAITING_KEY });
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: WAITING_KEY });
  }, [queues, live, queries]);
  return { contacts: data, error, refresh };
};
