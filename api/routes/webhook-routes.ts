/** Webhooks, for administrators. */
import { z } from 'zod';
import { settingId } from '../contract/routing';
import {
  deliveryListSchema,
  deliverySchema,
  webhookBodySchema,
  webhookListSchema,
  webhookSavedSchema,
} from '../contract/watch';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { WatchDesk } from '../watch-ports';
import { ADMINISTRATORS } from './roles';
import { auditChange } from './settings-routes';

const MAX_WEBHOOKS = 50;

const params = z.strictObject({ id: settingId });

const unknown = (id: string) => faultReply({ code: 'not_found', message: `There is no webhook ${id}.` });

export interface WebhookRoutesOptions extends AuditTrail {
  readonly watch: Pick<WatchDesk, 'webhooks'>;
}

export const webhookRoutes = (options: WebhookRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/webhooks',
    summary: 'Where events are sent to, without the secrets.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'By id.', schema: webhookListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: options.watch.webhooks.list() })),
  }),
  putRoute(options),
  removeRoute(options),
  sessionRoute({
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    summary: 'The latest attempts to send events to a webhook.',
    roles: ADMINISTRATORS,
    params,
    replies: {
      200: { description: 'Newest first.', schema: deliveryListSchema },
      404: { description: 'There is no such webhook.' },
    },
    handle: ({ params: { id } }) => {
      const items = options.watch.webhooks.deliveries(id);
      return Promise.resolve(items ? jsonReply({ items }) : unknown(id));
    },
  }),
  testRoute(options),
];

const putRoute = ({ watch: { webhooks }, ...trail }: WebhookRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/webhooks/{id}',
    summary: 'Adds or replaces a webhook; a new one has a secret made for it, which is shown this once.',
    roles: ADMINISTRATORS,
    params,
    body: webhookBodySchema,
    replies: { 200: { description: 'It is kept.', schema: webhookSavedSchema }, 409: { description: 'Too many.' } },
    async handle({ params: { id }, body, auth, request }) {
      const present = webhooks.list();
      if (present.length >= MAX_WEBHOOKS && !present.some((other) => other.id === id)) {
        return faultReply({
          code: 'conflict',
          message: `There are ${MAX_WEBHOOKS} of these already; remove one first.`,
        });
      }
      const saved = await webhooks.put(id, body);
      await auditChange(trail, { auth, request, what: `webhooks/${id}`, change: 'put' });
      return jsonReply({ id, ...saved });
    },
  });

const removeRoute = ({ watch: { webhooks }, ...trail }: WebhookRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/webhooks/{id}',
    summary: 'Removes a webhook, and what it has not taken yet.',
    roles: ADMINISTRATORS,
    params,
    replies: { 200: { description: 'It is gone.', schema: z.object({}) }, 404: { description: 'There was none.' } },
    async handle({ params: { id }, auth, request }) {
      if (!(await webhooks.remove(id))) return unknown(id);
      await auditChange(trail, { auth, request, what: `webhooks/${id}`, change: 'removed' });
      return jsonReply({});
    },
  });

const testRoute = ({ watch: { webhooks }, ...trail }: WebhookRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/webhooks/{id}/test',
    summary: 'Sends the event webhook.test at once, and tells how that went.',
    roles: ADMINISTRATORS,
    params,
    replies: {
      200: { description: 'How it went.', schema: deliverySchema },
      404: { description: 'There is no such webhook.' },
    },
    async handle({ params: { id }, auth, request }) {
      const tested = await webhooks.test(id);
      if (!tested.ok) return faultReply(tested.fault);
      await writeDown(trail, { auth, request, action: 'webhook-tested', detail: { webhook: id } });
      return jsonReply(tested.value);
    },
  });
