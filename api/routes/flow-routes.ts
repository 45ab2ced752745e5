/** Flows and numbers, for administrators. */
import { z } from 'zod';
import { dialledNumber, flowBodySchema, flowReplySchema, numberSettingSchema } from '../contract/flows';
import { settingId } from '../contract/routing';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { FlowEditor, RoutingPorts } from '../ports';
import { ADMINISTRATORS } from './roles';
import { auditChange, settingsRoutes } from './settings-routes';

const MAX_NUMBERS = 10_000;
const MAX_FLOWS = 1_000;

export interface FlowRoutesOptions extends AuditTrail {
  readonly routing: Pick<RoutingPorts, 'flows' | 'numbers'>;
}

const idParams = z.strictObject({ id: settingId });

export const flowRoutes = (options: FlowRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    name: 'numbers',
    noun: 'number',
    id: dialledNumber,
    body: numberSettingSchema,
    editor: options.routing.numbers,
    limit: MAX_NUMBERS,
  }),
  listRoute(options.routing.flows),
  getRoute(options.routing.flows),
  putRoute(options),
];

const listRoute = (flows: FlowEditor): Route =>
  sessionRoute({
    method: 'get',
    path: '/flows',
    summary: 'Every flow in its present version.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'The documents.', schema: z.object({ items: z.array(flowReplySchema) }) } },
    handle: async () => jsonReply({ items: await flows.list() }),
  });

const getRoute = (flows: FlowEditor): Route =>
  sessionRoute({
    method: 'get',
    path: '/flows/{id}',
    summary: 'One flow.',
    roles: ADMINISTRATORS,
    params: idParams,
    replies: { 200: { description: 'The document.', schema: flowReplySchema }, 404: { description: 'There is none.' } },
    handle: async ({ params }) => {
      const flow = await flows.get(params.id);
      return flow ? jsonReply(flow) : faultReply({ code: 'not_found', message: `There is no flow ${params.id}.` });
    },
  });

const putRoute = (options: FlowRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/flows/{id}',
    summary: 'Saves a flow as its next version; calls in progress keep the version that they have begun with.',
    roles: ADMINISTRATORS,
    params: idParams,
    body: flowBodySchema,
    replies: { 200: { description: 'The document with its version.', schema: flowReplySchema } },
    handle: async ({ params, body, auth, request }) => {
      const { flows } = options.routing;
      const present = await flows.list();
      if (present.length >= MAX_FLOWS && !(await flows.get(params.id))) {
        return faultReply({ code: 'conflict', message: `There are ${MAX_FLOWS} flows already.` });
      }
      const { version: _version, ...document } = body;
      const saved = await flows.put(params.id, { version: 1, ...document });
      if (!saved.ok) return faultReply(saved.fault);
      const what = `flows/${params.id}`;
      await auditChange(options, { auth, request, what, change: 'put' });
      return jsonReply(saved.value);
    },
  });
