/** The schedules of agents, as they are set. */
import { useQuery } from '@tanstack/react-query';
import { readSchedules } from '../api/workforce';

export const SCHEDULES_KEY = 'schedules';

export const useSchedules = () => useQuery({ queryKey: [SCHEDULES_KEY], queryFn: readSchedules });
