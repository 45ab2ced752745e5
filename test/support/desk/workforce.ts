/** Schedules and the report of agents for the desk's server: the product's own over what tests put there. */
import type { Express } from 'express';
import { agentReportQuerySchema, agentReportSchema } from '../../../api/contract/agent-report';
import { scheduleBodySchema, scheduleListSchema } from '../../../api/contract/schedules';
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { workforceInMemory } from '../api/workforce';
import type { WorkforceInMemory } from '../api/workforce';

export const routeWorkforce = (app: Express): Promise<WorkforceInMemory> => {
  const workforce = workforceInMemory([{ agentId: asId<AgentId>('ann'), displayName: 'ann', teams: ['day'] }]);
  app.get('/api/v1/schedules', async (_request, response) => {
    const items = (await (await workforce).schedules.list()).map(({ id, value }) => ({ ...value, id }));
    response.json(scheduleListSchema.parse({ items }));
  });
  app.put('/api/v1/schedules/:id', async (request, response) => {
    const saved = await (await workforce).schedules.put(request.params.id, scheduleBodySchema.parse(request.body));
    response.status(saved.ok ? 200 : 400).json(saved.ok ? {} : saved.fault);
  });
  app.get('/api/v1/reports/agents', async (request, response) => {
    const { fromMs, toMs, intervalMs = toMs - fromMs } = agentReportQuerySchema.parse(request.query);
    const report = await (await workforce).reports.of({ fromMs, toMs, intervalMs });
    if (report.ok) response.json(agentReportSchema.parse(report.value));
    else response.status(400).json(report.fault);
  });
  return workforce;
};
