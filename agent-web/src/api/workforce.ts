/** When agents are to work, and what they have done. */
import { agentReportSchema } from '../../../api/contract/agent-report';
import type { AgentReportView } from '../../../api/contract/agent-report';
import { scheduleListSchema } from '../../../api/contract/schedules';
import type { ScheduleBody, ScheduleView } from '../../../api/contract/schedules';
import { request } from './http';

/** Of all agents, as one interval; at most 92 days. */
export const readAgentReport = (fromMs: number, toMs: number): Promise<AgentReportView> =>
  request('/reports/agents', { query: { fromMs, toMs }, schema: agentReportSchema });

const schedulePath = (id: string): string => `/schedules/${encodeURIComponent(id)}`;

/** By id. */
export const readSchedules = async (): Promise<ScheduleView[]> =>
  (await request('/schedules', { schema: scheduleListSchema })).items;

/** For administrators. @throws ApiError `bad_input` for who is not there, `conflict` when it was changed meanwhile. */
export const saveSchedule = (id: string, body: ScheduleBody): Promise<void> =>
  request(schedulePath(id), { method: 'PUT', body });

/** For administrators. */
export const removeSchedule = (id: string): Promise<void> => request(schedulePath(id), { method: 'DELETE' });
