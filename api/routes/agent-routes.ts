/** Supervisors' hand on an agent's seat: forced not ready, and the lock that the agent cannot take off. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import type { Desks } from '../../calls/ports';
import { agentActionSchema } from '../contract/agent-actions';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import { hiddenFrom } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';

export interface AgentRoutesOptions extends AuditTrail, WithTenants {
  readonly desks: Pick<Desks, 'direct'>;
}

const OWN_SEAT = {
  code: 'conflict',
  message: 'This is your own seat; somebody else has to lock or unlock it.',
} as const;

export const agentRoutes = (options: AgentRoutesOptions): Route[] => [
  sessionRoute({
    method: 'post',
    path: '/agents/{agentId}/actions',
    summary: 'Makes an agent not ready, locks and unlocks the seat, extends and ends wrap-ups.',
    roles: LEADERS,
    params: z.strictObject({ agentId: z.string().min(1).max(64) }),
    body: agentActionSchema,
    replies: {
      200: { description: 'It was done; the event socket tells the new state.', schema: z.object({}) },
      404: { description: 'There is no such agent.' },
      409: {
        description:
          'The seat is locked, not locked, or the own one, nobody is signed in at it, or there is no wrap-up.',
      },
    },
    async handle({ params: { agentId }, body, auth, request }) {
      if (body.do !== 'not-ready' && agentId === auth.session.user.agent?.agentId) return faultReply(OWN_SEAT);
      const hidden = hiddenFrom(options, auth, { agentId });
      if (hidden) return hidden;
      const done = await options.desks.direct(asId<AgentId>(agentId), body);
      if (!done.ok) return faultReply(done.fault);
      await writeDown(options, { auth, request, action: 'agent-directed', detail: { agentId, ...body } });
      return jsonReply({});
    },
  }),
];
