/** Alarms of the center, and the bans of those who failed to prove an identity. */
import { z } from 'zod';
import type { Clock } from '../../base/clock';
import { alarmListSchema, banListSchema } from '../contract/security';
import { addressOf } from '../http/client';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { AuditWriter, SecurityDesk } from '../ports';
import { ADMINISTRATORS } from './settings-routes';

export interface SecurityRoutesOptions {
  readonly security: SecurityDesk;
  readonly audit: AuditWriter;
  readonly clock: Clock;
}

const banParams = z.strictObject({ id: z.string().min(1).max(300) });

export const securityRoutes = (options: SecurityRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/alarms',
    summary: 'The latest alarms, newest first.',
    roles: ['supervisor', 'administrator'],
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

const liftRoute = ({ security, audit, clock }: SecurityRoutesOptions): Route =>
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
      const { user } = auth.session;
      await audit.write({
        atMs: clock.nowMs(),
        action: 'ban-lifted',
        userName: user.userName,
        userId: user.userId,
        address: addressOf(request),
        detail: { ban: params.id },
      });
      return jsonReply({ items: security.bans.list() });
    },
  });
