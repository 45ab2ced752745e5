/** All agents, for those who lead them. */
import { queryOptions } from '@tanstack/react-query';
import { readAgents } from '../api/resources';

export const agentsQuery = queryOptions({ queryKey: ['agents'], queryFn: readAgents });
