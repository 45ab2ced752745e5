/** Keys of other systems, for administrators. */
import { z } from 'zod';
import { apiKeySchema, newApiKeySchema } from '../contract/contexts';
import { settingId } from '../contract/routing';
import type { ApiKeys } from '../http/api-keys';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import { ADMINISTRATORS } from './roles';
import { auditChange } from './settings-routes';

export interface ApiKeyRoutesOptions extends AuditTrail {
  readonly keys: ApiKeys;
}

export const apiKeyRoutes = (options: ApiKeyRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/api-keys',
    summary: 'Every key of another system, without the key itself.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'By id.', schema: z.object({ items: z.array(apiKeySchema) }) } },
    handle: () => {
      const items = options.keys.list().map(({ _id, scopes, createdAtMs }) => ({ id: _id, scopes, createdAtMs }));
      return Promise.resolve(jsonReply({ items }));
    },
  }),
  issueRoute(options),
  revokeRoute(options),
];

const issueRoute = (options: ApiKeyRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/api-keys',
    summary: 'Makes a key for another system; it is shown this once.',
    roles: ADMINISTRATORS,
    body: newApiKeySchema,
    replies: {
      200: { description: 'The key.', schema: z.object({ id: z.string(), key: z.string() }) },
      409: { description: 'There is one of this id, or there are too many.' },
    },
    handle: async ({ body, auth, request }) => {
      const key = await options.keys.issue(body.id, body.scopes);
      const message = `There is a key ${body.id} already, or there are too many; remove one first.`;
      if (key === undefined) return faultReply({ code: 'conflict', message });
      const what = `api-keys/${body.id}`;
      await auditChange(options, { auth, request, what, change: 'put' });
      return jsonReply({ id: body.id, key });
    },
  });

const revokeRoute = (options: ApiKeyRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/api-keys/{id}',
    summary: 'Takes a key back; it is of no use from now on.',
    roles: ADMINISTRATORS,
    params: z.strictObject({ id: settingId }),
    replies: { 200: { description: 'It is gone.', schema: z.object({}) }, 404: { description: 'There was none.' } },
    handle: async ({ params, auth, request }) => {
      if (!(await options.keys.revoke(params.id))) {
        return faultReply({ code: 'not_found', message: `There is no key ${params.id}.` });
      }
      const what = `api-keys/${params.id}`;
      await auditChange(options, { auth, request, what, change: 'removed' });
      return jsonReply({});
    },
  });
