/** The state of the center: its parts, its agents, its queues. */
import { z } from 'zod';
import type { Clock } from '../../base/clock';
import type { DeskAgent, Desks } from '../../calls/ports';
import type { Colleague } from '../contract/rest';
import { agentListSchema, colleagueListSchema, healthSchema, queueListSchema } from '../contract/rest';
import type { HealthParts } from '../ports';
import type { Route } from '../http/route';
import { jsonReply, publicRoute, sessionRoute } from '../http/route';
import { visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';

export interface CenterRoutesOptions extends WithTenants {
  readonly desks: Desks;
  readonly health: () => Promise<HealthParts> | HealthParts;
  readonly version: string;
  readonly clock: Clock;
}

const healthRoute = ({ health, version, clock }: CenterRoutesOptions): Route => {
  const startedMs = clock.monotonicMs();
  return publicRoute({
    method: 'get',
    path: '/health',
    summary: 'Whether all parts answer. Without a valid token only the status.',
    replies: {
      200: {
        description: 'All parts, or only the status.',
        schema: z.union([healthSchema, healthSchema.pick({ status: true })]),
      },
    },
    async handle({ auth }) {
      const parts = await health();
      const status = parts.edge && parts.media && parts.store ? 'ok' : 'degraded';
      if (!auth) return jsonReply({ status });
      return jsonReply({ status, version, uptimeMs: Math.round(clock.monotonicMs() - startedMs), parts });
    },
  });
};

const colleague = (agent: DeskAgent): Colleague => {
  const { agentId, displayName, displayNameZh, extension, state, deviceRegistered } = agent;
  return { agentId, displayName, displayNameZh, extension, state, deviceRegistered };
};

export const centerRoutes = (options: CenterRoutesOptions): Route[] => [
  healthRoute(options),
  sessionRoute({
    method: 'get',
    path: '/agents',
    summary: 'All agents and their states.',
    roles: LEADERS,
    replies: { 200: { description: 'The agents.', schema: agentListSchema } },
    handle: ({ auth }) => Promise.resolve(jsonReply({ items: visibleTo(options, auth, options.desks.agents()) })),
  }),
  sessionRoute({
    method: 'get',
    path: '/colleagues',
    summary: 'All agents, as those see them who want to give a call to one.',
    replies: { 200: { description: 'The agents, without the reasons of their states.', schema: colleagueListSchema } },
    handle: ({ auth }) =>
      Promise.resolve(jsonReply({ items: visibleTo(options, auth, options.desks.agents()).map(colleague) })),
  }),
  sessionRoute({
    method: 'get',
    path: '/queues',
    summary: 'All queues and their load.',
    roles: LEADERS,
    replies: { 200: { description: 'The queues.', schema: queueListSchema } },
    handle: ({ auth }) =>
      Promise.resolve(jsonReply({ items: visibleTo(options, auth, options.desks.snapshot(undefined).queues) })),
  }),
];
