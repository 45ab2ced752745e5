/** How much may be called outside, how much has been, and the locks of those who reached the ceiling. */
import { z } from 'zod';
import {
  callLimitBodySchema,
  callLockParamsSchema,
  callLockQuerySchema,
  callUsageReplySchema,
} from '../contract/routing';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { RoutingPorts } from '../ports';
import { ADMINISTRATORS } from './roles';
import { auditChange, settingsRoutes } from './settings-routes';

const MAX_LIMITS = 1_000;

export interface CallLimitRoutesOptions extends AuditTrail {
  readonly routing: Pick<RoutingPorts, 'callLimits' | 'callUsage'>;
}

export const callLimitRoutes = (options: CallLimitRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    name: 'call-limits',
    noun: 'call limit',
    body: callLimitBodySchema,
    editor: options.routing.callLimits,
    limit: MAX_LIMITS,
  }),
  usageRoute(options),
  liftRoute(options),
];

const usageRoute = ({ routing }: CallLimitRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/call-limits/usage',
    summary: 'What every account has called outside today, by class of number, and who is locked.',
    roles: ADMINISTRATORS,
    replies: { 200: { description: 'By account and class.', schema: callUsageReplySchema } },
    handle: () => Promise.resolve(jsonReply({ items: routing.callUsage.usage() })),
  });

const liftRoute = (options: CallLimitRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/call-limits/locks/{account}',
    summary: "Lifts an account's locks, or the one of a class of numbers; its cost begins anew.",
    roles: ADMINISTRATORS,
    params: callLockParamsSchema,
    query: callLockQuerySchema,
    replies: { 200: { description: 'It may call again.', schema: z.object({}) }, 404: { description: 'No lock.' } },
    handle: async ({ params, query, auth, request }) => {
      const { account } = params;
      if (!(await options.routing.callUsage.lift(account, query.numberClass))) {
        return faultReply({ code: 'not_found', message: `Nothing is locked for ${account}.` });
      }
      const what = `call-limits/locks/${account}`;
      await auditChange(options, { auth, request, what, change: 'removed' });
      return jsonReply({});
    },
  });
