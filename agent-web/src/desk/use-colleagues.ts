/** Who a call can be given to: the other agents, as they are at the moment. */
import { useQuery } from '@tanstack/react-query';
import type { Colleague } from '../../../api/contract/rest';
import { readColleagues } from '../api/resources';

/** First part of the keys of all queries for colleagues. */
export const COLLEAGUES_KEY = 'colleagues';

/** States change by the second while somebody looks for a free colleague. */
const REFRESH_MS = 1_500;

export interface Colleagues {
  readonly colleagues: readonly Colleague[] | undefined;
  readonly error: Error | null;
}

export const useColleagues = (): Colleagues => {
  const { data, error } = useQuery({
    queryKey: [COLLEAGUES_KEY],
    queryFn: readColleagues,
    refetchInterval: REFRESH_MS,
  });
  return { colleagues: data, error };
};

/** An agent who has a call, or whose telephone is not there, cannot take one. */
export const canTakeCall = ({ state, deviceRegistered }: Colleague): boolean =>
  deviceRegistered && (state === 'ready' || state === 'not-ready');
