/** The conference rooms as they are set up, for administrators: the list, and what changes it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConferenceRoomBody, ConferenceRoomView } from '../../../api/contract/conferences';
import { readConferenceRooms, removeConferenceRoom, saveConferenceRoom } from '../api/resources';
import { useDesk } from '../desk/desk-context';
import { CONFERENCES_KEY } from './use-conferences';

const ROOMS_KEY = 'conference-rooms';

export interface Rooms {
  /** Undefined for those who may not set rooms up. */
  readonly items: readonly ConferenceRoomView[] | undefined;
  /** @throws ApiError `bad_input` or `conflict` with what is wrong. */
  save(id: string, body: ConferenceRoomBody): Promise<void>;
  remove(id: string): Promise<void>;
}

export const useMayAdminister = (): boolean => useDesk().session.user.roles.includes('administrator');

export const useRooms = (): Rooms => {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: [ROOMS_KEY],
    queryFn: readConferenceRooms,
    enabled: useMayAdminister(),
  });
  const changed = async (): Promise<void> => {
    await Promise.all([ROOMS_KEY, CONFERENCES_KEY].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  return {
    items: data,
    save: async (id, body) => {
      await saveConferenceRoom(id, body);
      await changed();
    },
    remove: async (id) => {
      await removeConferenceRoom(id);
      await changed();
    },
  };
};
