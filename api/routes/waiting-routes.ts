/** Contacts that wait, and what supervisors order about them; each order is written to the audit. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { AgentId, ContactId, QueueId, UserId } from '../../base/ids';
import type { Desks } from '../../calls/ports';
import type { ContactOrder, WaitingDesk } from '../../calls/waiting-ports';
import { contactActionSchema, waitingListSchema } from '../contract/waiting';
import type { ContactAction } from '../contract/waiting';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import { hiddenFrom, visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';

export interface WaitingRoutesOptions extends AuditTrail, WithTenants {
  readonly waiting: WaitingDesk;
  readonly desks: Pick<Desks, 'snapshot'>;
}

const id = z.string().min(1).max(64);
const LIST = { description: 'Who is next first; callbacks that rest last.', schema: waitingListSchema };

export const waitingRoutes = (options: WaitingRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/contacts',
    summary: 'Everybody who waits in a queue, callbacks and consulted queues included.',
    roles: LEADERS,
    replies: { 200: LIST },
    handle: ({ auth }) => Promise.resolve(jsonReply({ items: visibleTo(options, auth, options.waiting.list()) })),
  }),
  sessionRoute({
    method: 'get',
    path: '/queues/{queueId}/contacts',
    summary: 'Everybody who waits in this queue.',
    roles: LEADERS,
    params: z.strictObject({ queueId: id }),
    replies: { 200: LIST, 404: { description: 'There is no such queue.' } },
    handle: ({ params: { queueId }, auth }) => {
      const hidden = hiddenFrom(options, auth, { queueId });
      if (hidden) return Promise.resolve(hidden);
      const isKnown = options.desks.snapshot(undefined).queues.some((queue) => queue.queueId === queueId);
      if (!isKnown) return Promise.resolve(faultReply({ code: 'not_found', message: `There is no queue ${queueId}.` }));
      return Promise.resolve(jsonReply({ items: options.waiting.list(asId<QueueId>(queueId)) }));
    },
  }),
  actionRoute(options),
];

const actionRoute = (options: WaitingRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/contacts/{contactId}/actions',
    summary: 'Changes the priority of a contact that waits, moves it, gives it to an agent, or removes it.',
    roles: LEADERS,
    params: z.strictObject({ contactId: id }),
    body: contactActionSchema,
    replies: {
      200: { description: 'It was done.', schema: z.object({}) },
      404: { description: 'It waits no more, or there is no such queue or agent.' },
      409: { description: 'The agent is not free, the queue is the same, or an agent asks this queue.' },
    },
    handle: async ({ params: { contactId }, body, auth, request }) => {
      // Without a queue it waits no more, which the desk says.
      const queueId = options.waiting.list().find((contact) => contact.contactId === contactId)?.queueId;
      const hidden = hiddenFrom(options, auth, { queueId });
      if (hidden) return hidden;
      const { userId, displayName } = auth.session.user;
      const by = { userId: asId<UserId>(userId), displayName };
      const done = await options.waiting.direct(asId<ContactId>(contactId), orderOf(body), by);
      if (!done.ok) return faultReply(done.fault);
      await writeDown(options, { auth, request, action: 'contact-directed', detail: { contactId, ...detailOf(body) } });
      return jsonReply({});
    },
  });

const detailOf = (action: ContactAction): Record<string, string> =>
  Object.fromEntries(Object.entries(action).map(([name, value]) => [name, String(value)]));

const orderOf = (action: ContactAction): ContactOrder => {
  switch (action.do) {
    case 'move':
      return { do: 'move', queueId: asId<QueueId>(action.queueId) };
    case 'assign':
      return { do: 'assign', agentId: asId<AgentId>(action.agentId) };
    default:
      return action;
  }
};
