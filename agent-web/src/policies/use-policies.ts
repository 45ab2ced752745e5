/** The recording policies, for administrators: the list, and what changes it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RecordingPolicyBody, RecordingPolicyView } from '../../../api/contract/recording-policies';
import { readRecordingPolicies, removeRecordingPolicy, saveRecordingPolicy } from '../api/resources';

const POLICIES_KEY = 'recording-policies';

export interface Policies {
  readonly items: readonly RecordingPolicyView[] | undefined;
  readonly error: Error | null;
  reload(): void;
  /** @throws ApiError `bad_input` or `conflict` with what is wrong. */
  save(id: string, body: RecordingPolicyBody): Promise<void>;
  remove(id: string): Promise<void>;
}

export const usePolicies = (): Policies => {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: [POLICIES_KEY], queryFn: readRecordingPolicies });
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: [POLICIES_KEY] });
  return {
    items: data,
    error,
    reload: () => void refetch(),
    save: async (id, body) => {
      await saveRecordingPolicy(id, body);
      await changed();
    },
    remove: async (id) => {
      await removeRecordingPolicy(id);
      await changed();
    },
  };
};
