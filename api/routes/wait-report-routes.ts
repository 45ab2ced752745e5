/** Promised waits against real ones. */
import { waitReportQuerySchema, waitReportSchema } from '../contract/wait-report';
import type { Route } from '../http/route';
import { jsonReply, sessionRoute } from '../http/route';
import { visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import type { WaitReporter } from '../ports';
import { LEADERS } from './roles';

export const waitReportRoutes = (options: WithTenants & { readonly waitReport: WaitReporter }): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/reports/expected-wait',
    summary: 'How many of the waits that callers were told came true, by queue and interval.',
    roles: LEADERS,
    query: waitReportQuerySchema,
    replies: { 200: { description: 'Intervals with promises, oldest first.', schema: waitReportSchema } },
    handle: async ({ query, auth }) =>
      jsonReply({ items: visibleTo(options, auth, await options.waitReport.of(query)) }),
  }),
];
