/** Recording policies and trunks for the desk's server: the product's own checks over settings in memory. */
import type { Express } from 'express';
import { recordingPolicyBodySchema, recordingPolicyListSchema } from '../../../api/contract/recording-policies';
import { trunkListSchema } from '../../../api/contract/trunk-status';
import { routingPorts, trunkDesk } from '../api/routing-ports';

export const routeRecordingPolicies = (app: Express): void => {
  const editor = routingPorts().then(({ recordingPolicies }) => recordingPolicies);
  const trunks = trunkDesk();
  app.get('/api/v1/recording-policies', async (_request, response) => {
    const items = (await (await editor).list()).map(({ id, value }) => ({ ...value, id }));
    response.json(recordingPolicyListSchema.parse({ items }));
  });
  app.put('/api/v1/recording-policies/:id', async (request, response) => {
    const saved = await (await editor).put(request.params.id, recordingPolicyBodySchema.parse(request.body));
    if (saved.ok) return response.json({});
    const { code, message, about } = saved.fault;
    return response.status(code === 'conflict' ? 409 : 400).json({ code, message, about });
  });
  app.delete('/api/v1/recording-policies/:id', async (request, response) => {
    await (await editor).remove(request.params.id);
    response.json({});
  });
  app.get('/api/v1/trunks', async (_request, response) => {
    response.json(trunkListSchema.parse({ items: (await trunks).list() }));
  });
};
