/** Trunks and outbound routes, for administrators: how they are set, how they are doing, and which way a number takes. */
import { z } from 'zod';
import {
  routeExplanationSchema,
  routeListSchema,
  routeTestSchema,
  routeViewSchema,
  trunkChangeSchema,
  trunkListSchema,
  trunkSwitchSchema,
  trunkViewSchema,
} from '../contract/trunk-status';
import { settingId } from '../contract/routing';
import { routeBodySchema } from '../contract/trunks';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { TrunkDesk } from '../ports';
import { ADMINISTRATORS } from './roles';
import { auditChange } from './settings-routes';

export interface TrunkRoutesOptions extends AuditTrail {
  readonly trunks: TrunkDesk;
}

const idParams = z.strictObject({ id: settingId });
const CONFLICT = { description: 'It stands in the configuration file, or something refers to it.' };
const MISSING = { description: 'There is none.' };

export const trunkRoutes = (options: TrunkRoutesOptions): Route[] => [
  listTrunks(options),
  putTrunk(options),
  switchTrunk(options),
  removeOne(options, 'trunk'),
  listRoutes(options),
  putRoute(options),
  removeOne(options, 'route'),
  testRoute(options),
];

const listTrunks = ({ trunks }: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/trunks',
    summary: 'Every trunk with its settings, without passwords, and its state.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'The file’s first, then by id.', schema: trunkListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: trunks.list() })),
  });

const putTrunk = (options: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/trunks/{id}',
    summary: 'Adds or replaces a trunk; calls in progress go on. A password that is left out stays as it was.',
    roles: ADMINISTRATORS,
    params: idParams,
    body: trunkChangeSchema,
    replies: { 200: { description: 'The trunk as it is now.', schema: trunkViewSchema }, 409: CONFLICT },
    handle: async ({ params, body, auth, request }) => {
      const saved = await options.trunks.put(params.id, body);
      if (!saved.ok) return faultReply(saved.fault);
      await auditChange(options, { auth, request, what: `trunks/${params.id}`, change: 'put' });
      return jsonReply(saved.value);
    },
  });

const switchTrunk = (options: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/trunks/{id}/enabled',
    summary: 'Switches a trunk on or off, one of the configuration file, too; calls in progress go on.',
    roles: ADMINISTRATORS,
    params: idParams,
    body: trunkSwitchSchema,
    replies: { 200: { description: 'The trunk as it is now.', schema: trunkViewSchema }, 404: MISSING },
    handle: async ({ params, body, auth, request }) => {
      const switched = await options.trunks.setEnabled(params.id, body.enabled);
      if (!switched.ok) return faultReply(switched.fault);
      const change = body.enabled ? 'enabled' : 'disabled';
      await auditChange(options, { auth, request, what: `trunks/${params.id}`, change });
      return jsonReply(switched.value);
    },
  });

const listRoutes = ({ trunks }: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/outbound-routes',
    summary: 'Every outbound route.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'The file’s first, then by id.', schema: routeListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: trunks.listRoutes() })),
  });

const putRoute = (options: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/outbound-routes/{id}',
    summary: 'Adds or replaces an outbound route; it counts from the next call on.',
    roles: ADMINISTRATORS,
    params: idParams,
    body: routeBodySchema,
    replies: { 200: { description: 'The route as it is now.', schema: routeViewSchema }, 409: CONFLICT },
    handle: async ({ params, body, auth, request }) => {
      const saved = await options.trunks.putRoute(params.id, body);
      if (!saved.ok) return faultReply(saved.fault);
      const what = `outbound-routes/${params.id}`;
      await auditChange(options, { auth, request, what, change: 'put' });
      return jsonReply(saved.value);
    },
  });

const removeOne = (options: TrunkRoutesOptions, kind: 'trunk' | 'route'): Route => {
  const name = kind === 'trunk' ? 'trunks' : 'outbound-routes';
  return sessionRoute({
    method: 'delete',
    path: `/${name}/{id}`,
    summary: kind === 'trunk' ? 'Removes a trunk that no route needs.' : 'Removes an outbound route.',
    roles: ADMINISTRATORS,
    params: idParams,
    replies: { 200: { description: 'It is gone.', schema: z.object({}) }, 404: MISSING, 409: CONFLICT },
    handle: async ({ params, auth, request }) => {
      const { trunks } = options;
      const removed = await (kind === 'trunk' ? trunks.remove(params.id) : trunks.removeRoute(params.id));
      if (!removed.ok) return faultReply(removed.fault);
      const what = `${name}/${params.id}`;
      await auditChange(options, { auth, request, what, change: 'removed' });
      return jsonReply({});
    },
  });
};

const testRoute = ({ trunks }: TrunkRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/outbound-routes/test',
    summary: 'Which ways a number would take at this moment, in order, and why. Places no call.',
    roles: ADMINISTRATORS,
    body: routeTestSchema,
    replies: { 200: { description: 'The attempts and what was passed over.', schema: routeExplanationSchema } },
    handle: ({ body }) => Promise.resolve(jsonReply(trunks.explain(body.number))),
  });
