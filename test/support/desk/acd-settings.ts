/** Queues, agents' skills and hours for the desk's server: the product's own checks over settings in memory. */
import type { Express, Response } from 'express';
import type { z } from 'zod';
import type { SettingsEditor } from '../../../api/ports';
import type { Fault } from '../../../base/result';
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { calendarBodySchema } from '../../../api/contract/calendars';
import { siteBodySchema } from '../../../api/contract/contexts';
import {
  agentProfileBodySchema,
  namedBodySchema,
  queueBodySchema,
  tenantBodySchema,
} from '../../../api/contract/queues';
import { HTTP_STATUS } from '../../../api/http/status';
import { acdSettingsWorld } from '../api/acd-settings-ports';
import { routingPorts } from '../api/routing-ports';

const refuse = (response: Response, { code, message, about }: Fault): void =>
  void response.status(HTTP_STATUS[code]).json({ code, message, about });

const routeCollection = <Body extends z.ZodType>(
  app: Express,
  name: string,
  { body, editor }: { body: Body; editor: Promise<SettingsEditor<z.output<Body>>> },
): void => {
  app.get(`/api/v1/${name}`, async (_request, response) => {
    const items = await (await editor).list();
    response.json({ items: items.map(({ id, value }) => ({ ...(value as object), id })) });
  });
  app.put(`/api/v1/${name}/:id`, async (request, response) => {
    const saved = await (await editor).put(request.params['id'] ?? '', body.parse(request.body));
    if (saved.ok) response.json({});
    else refuse(response, saved.fault);
  });
  app.delete(`/api/v1/${name}/:id`, async (request, response) => {
    const id = request.params['id'] ?? '';
    const may = (await editor).mayRemove?.(id);
    if (may && !may.ok) return refuse(response, may.fault);
    await (await editor).remove(id);
    response.json({});
  });
};

export const routeAcdSettings = (app: Express): void => {
  const ports = acdSettingsWorld().then((world) => world.ports);
  const sites = routingPorts().then((routing) => routing.sites);
  routeCollection(app, 'queue-settings', { body: queueBodySchema, editor: ports.then(({ queues }) => queues) });
  routeCollection(app, 'calendars', { body: calendarBodySchema, editor: ports.then(({ calendars }) => calendars) });
  routeCollection(app, 'skills', { body: namedBodySchema, editor: ports.then(({ skills }) => skills) });
  routeCollection(app, 'teams', { body: namedBodySchema, editor: ports.then(({ teams }) => teams) });
  routeCollection(app, 'tenants', { body: tenantBodySchema, editor: ports.then(({ tenants }) => tenants) });
  routeCollection(app, 'sites', { body: siteBodySchema, editor: sites });
  app.get('/api/v1/flows', (_request, response) => void response.json({ items: [] }));
  app.get('/api/v1/agent-profiles', async (_request, response) => {
    response.json({ items: (await ports).agents.list() });
  });
  app.put('/api/v1/agent-profiles/:id', async (request, response) => {
    const body = agentProfileBodySchema.parse(request.body);
    const saved = await (await ports).agents.put(asId<AgentId>(request.params.id), body);
    if (saved.ok) response.json(saved.value);
    else refuse(response, saved.fault);
  });
};
