/** Alarms of the center, and the bans of those who failed to prove an identity. */
import { z } from 'zod';
import { alarmListSchema, banListSchema } from '../contract/security';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { SecurityDesk } from '../ports';
import { ADMINISTRATORS, LEADERS } from './roles';

export interface SecurityRoutesOptions extends AuditTrail {
  readonly security: SecurityDesk;
}

const banParams = z.strictObject({ id: z.string().min(1).max(300) });

export const securityRoutes = (options: SecurityRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/alarms',
    summary: 'The latest alarms, newest first.',
    roles: LEADERS,
    replies: { 200: { description: 'The alarms.', schema: alarmListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: options.security.alarms.recent })),
  }),
  sessionRoute({
    method: 'get',
    path: '/bans',
    summary: 'Who may not sign in by SIP for now, newest first.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'The bans.', schema: banListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: options.security.bans.list() })),
  }),
  liftRoute(options),
];

const liftRoute = ({ security, ...trail }: SecurityRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/bans/{id}',
    summary: 'Ends a ban before its time.',
    roles: ADMINISTRATORS,
    params: banParams,
    replies: {
      200: { description: 'It is lifted.', schema: banListSchema },
      404: { description: 'There is no such ban, or it has ended.' },
    },
    async handle({ params, auth, request }) {
      if (!security.bans.lift(params.id)) {
        return faultReply({ code: 'not_found', message: `There is no ban ${params.id}; it may have ended.` });
      }
      await writeDown(trail, { auth, request, action: 'ban-lifted', detail: { ban: params.id } });
      return jsonReply({ items: security.bans.list() });
    },
  });
